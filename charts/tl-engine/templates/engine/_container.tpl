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

{{/* How a probe asks. Takes a list of root and path. */}}
{{- define "tl-engine.engine.probe" -}}
{{- if eq (first .).Values.engine.probes.type "http" -}}
httpGet:
  path: {{ last . }}
  port: http
{{- else -}}
tcpSocket:
  port: http
{{- end }}
{{- end }}

{{/* The probes of a container. */}}
{{- define "tl-engine.engine.probes" -}}
{{- if eq .Values.engine.probes.type "sql" -}}
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
startupProbe:
  {{- include "tl-engine.engine.probe" (list . .Values.engine.probes.livenessPath) | nindent 2 }}
  periodSeconds: 1
  failureThreshold: {{ .Values.engine.probes.startupSeconds }}
livenessProbe:
  {{- include "tl-engine.engine.probe" (list . .Values.engine.probes.livenessPath) | nindent 2 }}
  periodSeconds: 10
  timeoutSeconds: 3
readinessProbe:
  {{- include "tl-engine.engine.probe" (list . .Values.engine.probes.readinessPath) | nindent 2 }}
  periodSeconds: 5
  timeoutSeconds: 3
{{- end }}
{{- end }}
