{{/* A StatefulSet of servers. Takes a dict of root, name, component, replicas and standby: the two sets of the topology
     replicated differ in nothing else. */}}
{{- define "tl-engine.database.set" -}}
{{- $name := include "tl-engine.database.name" .root }}
{{- $image := include "tl-engine.database.image" .root -}}
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ .name }}
  labels:
    {{- include "tl-engine.labels" . | nindent 4 }}
    {{- if not .standby }}
    {{- include "tl-engine.modeLabel" .root | nindent 4 }}
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
        checksum/restart-settings: {{ include "tl-engine.database.restartSettings" .root | sha256sum }}
        {{- if .root.Values.metrics.enabled }}
        prometheus.io/scrape: "true"
        prometheus.io/port: {{ .root.Values.metrics.port | quote }}
        {{- end }}
    spec:
      automountServiceAccountToken: false
      # Variables of Services could be taken for settings: a Service `pg` would bring PG_PORT.
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .root.Values.database.statefulset.terminationGracePeriodSeconds }}
      {{- with .root.Values.imagePullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      securityContext:
        {{- include "tl-engine.podSecurityContext" .root.Values.database.statefulset.runAsUser | nindent 8 }}
      initContainers:
        - name: init
          image: {{ $image | quote }}
          imagePullPolicy: {{ .root.Values.database.statefulset.image.pullPolicy }}
          command: [/bin/sh, /etc/tl-engine/scripts/init{{ if .standby }}-standby{{ end }}.sh]
          {{- include "tl-engine.database.serverFields" . | nindent 10 }}
      containers:
        - name: postgres
          image: {{ $image | quote }}
          imagePullPolicy: {{ .root.Values.database.statefulset.image.pullPolicy }}
          command: [/bin/sh, /etc/tl-engine/scripts/start.sh]
          ports:
            - name: postgres
              containerPort: 5432
          lifecycle:
            preStop:
              exec:
                command: [/bin/sh, /etc/tl-engine/scripts/stop.sh]
          # Start-up budget: 1 s x startupSeconds until the server answers at all. Recovery after a crash answers
          # ("not yet") and takes as long as it takes: neither this probe nor the next ends it.
          startupProbe:
            exec:
              command: [/bin/sh, /etc/tl-engine/scripts/probe.sh, alive]
            periodSeconds: 1
            timeoutSeconds: 5
            failureThreshold: {{ .root.Values.database.statefulset.startupSeconds }}
          # 10 s x 6: a minute without any answer.
          livenessProbe:
            exec:
              command: [/bin/sh, /etc/tl-engine/scripts/probe.sh, alive]
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            exec:
              command: [/bin/sh, /etc/tl-engine/scripts/probe.sh, ready]
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          {{- include "tl-engine.database.serverFields" . | nindent 10 }}
        {{- if .root.Values.metrics.enabled }}
        {{- include "tl-engine.database.metricsContainer" .root | nindent 8 }}
        {{- end }}
      volumes:
        - name: scripts
          configMap:
            name: {{ $name }}-scripts
        - name: config
          configMap:
            name: {{ $name }}-config
        {{- with .root.Values.database.statefulset.existingConfigMap }}
        - name: user
          configMap:
            name: {{ . }}
        {{- end }}
        {{- with .root.Values.database.statefulset.tls.existingSecret }}
        - name: tls
          secret:
            secretName: {{ . }}
            # 0440: PostgreSQL refuses a key that others may read.
            defaultMode: 288
        {{- end }}
        - name: run
          emptyDir: {}
        - name: tmp
          emptyDir: {}
        - name: shm
          emptyDir:
            medium: Memory
            sizeLimit: {{ .root.Values.database.statefulset.shmSize }}
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
        resources:
          requests:
            storage: {{ .root.Values.database.statefulset.storage.size }}
{{- end }}
