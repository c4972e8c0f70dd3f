{{/* What the init container and the server have in common. Takes the dict of the set. */}}
{{- define "tl-engine.database.serverFields" -}}
{{- $name := include "tl-engine.database.name" .root -}}
env:
  # Below the mount, whose own directory belongs to the volume (lost+found, group set by the kubelet).
  - {name: PGDATA, value: /var/lib/postgresql/data/pgdata}
  {{- include "tl-engine.database.roleEnv" .root | nindent 2 }}
  {{- if include "tl-engine.database.replicated" .root }}
  {{- include "tl-engine.database.secretEnv" (dict "root" .root "name" "REPLICATION_PASSWORD"
      "key" .root.Values.database.secretKeys.replicationPassword) | nindent 2 }}
  {{- if .standby }}
  - {name: PRIMARY, value: {{ include "tl-engine.database.host" .root }}}
  - name: POD_NAME
    valueFrom: {fieldRef: {fieldPath: metadata.name}}
  {{- else }}
  # Asked before an empty volume is filled: they may hold the data.
  - {name: STANDBYS, value: {{ $name }}-read-headless}
  {{- with .root.Values.database.statefulset.recoverFrom }}
  - {name: RECOVER_FROM, value: {{ . }}.{{ $name }}-read-headless}
  {{- end }}
  {{- end }}
  {{- end }}
securityContext:
  {{- include "tl-engine.containerSecurityContext" . | nindent 2 }}
resources:
  {{- toYaml .root.Values.database.statefulset.resources | nindent 2 }}
volumeMounts:
  - {name: postgres-storage, mountPath: /var/lib/postgresql/data}
  - {name: scripts, mountPath: /etc/tl-engine/scripts}
  - {name: scripts, mountPath: /etc/passwd, subPath: passwd}
  - {name: config, mountPath: /etc/tl-engine/config}
  {{- if .root.Values.database.statefulset.existingConfigMap }}
  - {name: user, mountPath: /etc/tl-engine/user}
  {{- end }}
  {{- if .root.Values.database.statefulset.tls.existingSecret }}
  - {name: tls, mountPath: /etc/tl-engine/tls}
  {{- end }}
  - {name: run, mountPath: /var/run/postgresql}
  - {name: tmp, mountPath: /tmp}
  - {name: shm, mountPath: /dev/shm}
{{- end }}
