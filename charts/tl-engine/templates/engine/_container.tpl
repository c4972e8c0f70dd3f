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
