{{/* The user's own environment: plain values, or objects with valueFrom. */}}
{{- define "tl-engine.engine.extraEnv" -}}
{{- range $name, $value := .Values.engine.env -}}
- name: {{ $name }}
  {{- if kindIs "map" $value }}
  {{- toYaml $value | nindent 2 }}
  {{- else }}
  value: {{ kindIs "string" $value | ternary $value (toJson $value) | quote }}
  {{- end }}
{{ end }}
{{- end }}

{{/* The probes of a container. */}}
{{- define "tl-engine.engine.probes" -}}
{{- $probes := .Values.engine.probes }}
{{- if eq $probes.type "sql" -}}
# Each asks the database itself: a database that is away takes the application with it.
{{- range list "livenessProbe" "readinessProbe" }}
{{ . }}:
  exec:
    command: [/bin/sh, -c, 'exec psql "$DATABASE_URL" --no-psqlrc --quiet --output=/dev/null --command="SELECT 1"']
  initialDelaySeconds: 30
  periodSeconds: 10
  timeoutSeconds: 5
{{- end }}
{{- else -}}
# Start-up budget: 1 s x startupSeconds until the first answer.
{{- range list (list "startupProbe" $probes.livenessPath 1) (list "livenessProbe" $probes.livenessPath 10)
    (list "readinessProbe" $probes.readinessPath 5) }}
{{ first . }}:
  {{- if eq $probes.type "http" }}
  httpGet:
    path: {{ index . 1 }}
    port: http
  {{- else }}
  tcpSocket: {port: http}
  {{- end }}
  periodSeconds: {{ last . }}
  {{- if eq (first .) "startupProbe" }}
  failureThreshold: {{ $probes.startupSeconds }}
  {{- else }}
  timeoutSeconds: 3
  {{- end }}
{{- end }}
{{- end }}
{{- end }}
