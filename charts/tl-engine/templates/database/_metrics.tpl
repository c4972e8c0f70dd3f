{{/* postgres_exporter beside the server. It logs in as the monitoring role by peer, over the socket they share: it has
     the server's user id and no password at all. No readiness probe: it would take the database away. */}}
{{- define "tl-engine.database.metricsContainer" -}}
- name: metrics
  image: {{ printf "%s:%s" .Values.metrics.image.repository .Values.metrics.image.tag | quote }}
  imagePullPolicy: {{ .Values.metrics.image.pullPolicy }}
  args: ["--web.listen-address=:{{ .Values.metrics.port }}", --log.level=warn]
  env:
    - name: DATA_SOURCE_NAME
      value: host=/var/run/postgresql user=tl_monitoring dbname=postgres sslmode=disable
  ports:
    - name: metrics
      containerPort: {{ .Values.metrics.port }}
  livenessProbe:
    tcpSocket:
      port: metrics
    periodSeconds: 10
  securityContext:
    {{- include "tl-engine.containerSecurityContext" . | nindent 4 }}
  resources:
    {{- toYaml .Values.metrics.resources | nindent 4 }}
  volumeMounts:
    - name: run
      mountPath: /var/run/postgresql
      readOnly: true
{{- end }}
