{{/* A Service of the database. Takes a dict of root, name, component and headless: such a one names each pod. */}}
{{- define "tl-engine.database.service" -}}
apiVersion: v1
kind: Service
{{ include "tl-engine.metadata" . }}
spec:
  {{- if .headless }}
  clusterIP: None
  # A pod's name resolves while it recovers too.
  publishNotReadyAddresses: true
  {{- end }}
  selector:
    {{- include "tl-engine.selectorLabels" . | nindent 4 }}
  ports:
    - {name: postgres, port: 5432, targetPort: postgres}
    {{- if and .headless .root.Values.metrics.enabled }}
    - {name: metrics, port: {{ .root.Values.metrics.port }}, targetPort: metrics}
    {{- end }}
{{- end }}
