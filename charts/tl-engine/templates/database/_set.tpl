{{/* A StatefulSet of servers. Takes a dict of root, name, component, replicas and standby: the two sets of the topology
     replicated differ in nothing else. */}}
{{- define "tl-engine.database.set" -}}
{{- $name := include "tl-engine.database.name" .root }}
{{- /* The user's settings that no reload applies, since PostgreSQL reads them when it starts: files/restart-parameters
       lists them for each major. Of a name with a dot only its extension knows. */}}
{{- $lists := list }}
{{- range $path, $_ := .root.Files.Glob "files/restart-parameters/*.txt" }}
  {{- $lists = concat $lists ($.root.Files.Lines $path) }}
{{- end }}
{{- $restart := "" }}
{{- range $setting, $value := .root.Values.database.statefulset.config }}
  {{- if or (has (lower $setting) $lists) (contains "." $setting) }}
    {{- $restart = printf "%s\n%s = %s" $restart $setting (toJson $value) }}
  {{- end }}
{{- end }}
{{- $image := include "tl-engine.image" (list .root.Values.database.statefulset.image "") -}}
apiVersion: apps/v1
kind: StatefulSet
{{ include "tl-engine.metadata" . }}
    {{- if not .standby }}
    pgcheck.io/database-mode: {{ .root.Values.database.mode }}
    {{- end }}
  annotations:
    pgcheck.io/topology: {{ .root.Values.database.statefulset.topology }}
    {{- if eq .root.Values.database.statefulset.topology "replicated" }}
    pgcheck.io/role: {{ .standby | ternary "standby" "primary" }}
    {{- end }}
spec:
  serviceName: {{ .name }}-headless
  replicas: {{ .replicas }}
  selector:
    matchLabels:
      {{- include "tl-engine.selectorLabels" . | nindent 6 }}
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: {{ .root.Values.database.statefulset.retention.whenDeleted }}
    whenScaled: {{ .root.Values.database.statefulset.retention.whenScaled }}
  template:
    metadata:
      labels:
        {{- include "tl-engine.podLabels" . | nindent 8 }}
      annotations:
        # Only what a reload does not apply starts the pod again.
        checksum/restart-settings: {{ $restart | sha256sum }}
        {{- if .root.Values.metrics.enabled }}
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ .root.Values.metrics.port | quote }}
        {{- end }}
    spec:
      {{- include "tl-engine.podFields" (dict "root" .root "user" .root.Values.database.statefulset.runAsUser)
        | nindent 6 }}
      terminationGracePeriodSeconds: {{ .root.Values.database.statefulset.terminationGracePeriodSeconds }}
      initContainers:
        - name: init
          {{- $image | nindent 10 }}
          command: [/bin/sh, /etc/tl-engine/scripts/init{{ if .standby }}-standby{{ end }}.sh]
          {{- include "tl-engine.database.serverFields" . | nindent 10 }}
      containers:
        - name: postgres
          {{- $image | nindent 10 }}
          command: [/bin/sh, /etc/tl-engine/scripts/start.sh]
          ports:
            - {name: postgres, containerPort: 5432}
          lifecycle:
            preStop:
              exec: {command: [/bin/sh, /etc/tl-engine/scripts/stop.sh]}
          # Start-up budget: 1 s x startupSeconds until the server answers at all. Recovery after a crash answers
          # ("not yet") and takes as long as it takes: neither this probe nor the next ends it.
          startupProbe:
            exec: {command: [/bin/sh, /etc/tl-engine/scripts/probe.sh, alive]}
            periodSeconds: 1
            timeoutSeconds: 5
            failureThreshold: {{ .root.Values.database.statefulset.startupSeconds }}
          # 10 s x 6: a minute without any answer.
          livenessProbe:
            exec: {command: [/bin/sh, /etc/tl-engine/scripts/probe.sh, alive]}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            exec: {command: [/bin/sh, /etc/tl-engine/scripts/probe.sh, ready]}
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          {{- include "tl-engine.database.serverFields" . | nindent 10 }}
        {{- if .root.Values.metrics.enabled }}
        # It logs in as the monitoring role by peer, over the socket they share: it has the server's user id and no
        # password at all. No readiness probe: it would take the database away.
        - name: metrics
          {{- include "tl-engine.image" (list .root.Values.metrics.image "") | nindent 10 }}
          args: ["--web.listen-address=:{{ .root.Values.metrics.port }}", --log.level=warn]
          env:
            - name: DATA_SOURCE_NAME
              value: host=/var/run/postgresql user=tl_monitoring dbname=postgres sslmode=disable
          ports:
            - {name: metrics, containerPort: {{ .root.Values.metrics.port }}}
          livenessProbe:
            tcpSocket: {port: metrics}
            periodSeconds: 10
          securityContext:
            {{- include "tl-engine.containerSecurityContext" . | nindent 12 }}
          resources:
            {{- toYaml .root.Values.metrics.resources | nindent 12 }}
          volumeMounts:
            - {name: run, mountPath: /var/run/postgresql, readOnly: true}
        {{- end }}
      volumes:
        - {name: scripts, configMap: {name: {{ $name }}-scripts}}
        - {name: config, configMap: {name: {{ $name }}-config}}
        {{- with .root.Values.database.statefulset.existingConfigMap }}
        - {name: user, configMap: {name: {{ . }}}}
        {{- end }}
        {{- with .root.Values.database.statefulset.tls.existingSecret }}
        - name: tls
          secret:
            secretName: {{ . }}
            # 0440: PostgreSQL refuses a key that others may read.
            defaultMode: 288
        {{- end }}
        - {name: run, emptyDir: {}}
        - {name: tmp, emptyDir: {}}
        - name: shm
          emptyDir: {medium: Memory, sizeLimit: {{ .root.Values.database.statefulset.shmSize }}}
  volumeClaimTemplates:
    # Kind and version are what the API server would add: Argo CD compares. Nothing here ever changes.
    - apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: postgres-storage
        labels:
          {{- include "tl-engine.selectorLabels" . | nindent 10 }}
      spec:
        accessModes: [ReadWriteOnce]
        {{- with .root.Values.database.statefulset.storage.className }}
        storageClassName: {{ . }}
        {{- end }}
        resources: {requests: {storage: {{ .root.Values.database.statefulset.storage.size }}}}
{{- end }}
