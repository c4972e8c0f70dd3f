{{/* What the init container and the server have in common. */}}
{{- define "tl-engine.database.serverFields" -}}
env:
  # Below the mount, whose own directory belongs to the volume (lost+found, group set by the kubelet).
  - name: PGDATA
    value: /var/lib/postgresql/data/pgdata
  {{- include "tl-engine.database.roleEnv" . | nindent 2 }}
securityContext:
  {{- include "tl-engine.containerSecurityContext" . | nindent 2 }}
resources:
  {{- toYaml .Values.database.statefulset.resources | nindent 2 }}
volumeMounts:
  - name: postgres-storage
    mountPath: /var/lib/postgresql/data
  - name: scripts
    mountPath: /etc/tl-engine/scripts
  - name: scripts
    mountPath: /etc/passwd
    subPath: passwd
  - name: config
    mountPath: /etc/tl-engine/config
  {{- if .Values.database.statefulset.existingConfigMap }}
  - name: user
    mountPath: /etc/tl-engine/user
  {{- end }}
  {{- if .Values.database.statefulset.tls.existingSecret }}
  - name: tls
    mountPath: /etc/tl-engine/tls
  {{- end }}
  - name: run
    mountPath: /var/run/postgresql
  - name: tmp
    mountPath: /tmp
  - name: shm
    mountPath: /dev/shm
{{- end }}
