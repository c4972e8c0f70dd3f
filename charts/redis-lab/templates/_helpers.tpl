{{/* Labels that select the pods. They never change. */}}
{{- define "redis-lab.selectorLabels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* Labels of every object. */}}
{{- define "redis-lab.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "redis-lab.selectorLabels" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
# As the lab's commands select.
app: {{ .Values.name }}
{{- end }}
