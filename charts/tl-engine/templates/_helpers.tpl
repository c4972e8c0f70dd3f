{{/* Labels that select a component's pods. They never change: selectors and claim templates are immutable.
     Takes a dict of root and component, as the next one does. */}}
{{- define "tl-engine.selectorLabels" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Name and labels of an object. The labels are last: an object may add its own below. Takes a dict of root, component
     and name. */}}
{{- define "tl-engine.metadata" -}}
metadata:
  name: {{ .name }}
  labels:
    helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
    app.kubernetes.io/managed-by: {{ .root.Release.Service }}
    app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
    {{- include "tl-engine.podLabels" . | nindent 4 }}
{{- end }}

{{/* Labels of pods: without versions, which would restart the database with every new chart. */}}
{{- define "tl-engine.podLabels" -}}
{{ include "tl-engine.selectorLabels" . }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Name of the database's StatefulSet and its Service, and the stem of what else belongs to it. */}}
{{- define "tl-engine.database.name" -}}
{{ .Values.database.statefulset.name | default (printf "%s-postgres" .Release.Name) }}
{{- end }}

{{/* Name of the Service to connect to; empty when there is none: independent pods hold different data. */}}
{{- define "tl-engine.database.serviceName" -}}
{{- if .Values.database.statefulset.serviceName -}}
{{ .Values.database.statefulset.serviceName }}
{{- else if ne .Values.database.statefulset.topology "independent" -}}
{{ include "tl-engine.database.name" . }}
{{- end }}
{{- end }}

{{/* Host to connect to. Without a Service it is the first pod, by the name that it always has. */}}
{{- define "tl-engine.database.host" -}}
{{- $name := include "tl-engine.database.name" . -}}
{{ include "tl-engine.database.serviceName" . | default (printf "%s-0.%s-headless" $name $name) }}
{{- end }}

{{/* "true" when there are standbys. */}}
{{- define "tl-engine.database.replicated" -}}
{{- $topology := .Values.database.statefulset.topology -}}
{{ if and (eq .Values.database.mode "statefulset") (eq $topology "replicated") }}true{{ end }}
{{- end }}

{{/* Name of the Secret with the credentials: the chart's own when the password is given as a value, for labs only. */}}
{{- define "tl-engine.database.secretName" -}}
{{- if and (eq .Values.database.mode "statefulset") .Values.database.statefulset.auth.password -}}
{{ include "tl-engine.database.name" . }}-auth
{{- else -}}
{{ .Values.database.existingSecret }}
{{- end }}
{{- end }}

{{/* Key of the application's URL; empty when the pod composes it. A rendered Secret always holds it, encoded. */}}
{{- define "tl-engine.database.urlKey" -}}
{{- $url := .Values.database.secretKeys.url -}}
{{- if or (eq .Values.database.mode "external") .Values.database.statefulset.auth.password -}}
{{ $url | default "DATABASE_URL" }}
{{- else -}}
{{ $url }}
{{- end }}
{{- end }}

{{/* Environment entry from a key of the credentials' Secret. Takes a dict of root, name and key. */}}
{{- define "tl-engine.database.secretEnv" -}}
- name: {{ .name }}
  valueFrom: {secretKeyRef: {name: {{ include "tl-engine.database.secretName" .root }}, key: {{ .key }}}}
{{- end }}

{{/* The application's role and database: what libpq and psql read. */}}
{{- define "tl-engine.database.roleEnv" -}}
- name: PGDATABASE
  {{- with .Values.database.nameFromConfigMap }}
  {{- if .name }}
  valueFrom:
    configMapKeyRef:
      {{- toYaml . | nindent 6 }}
  {{- else }}
  value: {{ $.Values.database.name | quote }}
  {{- end }}
  {{- end }}
{{ include "tl-engine.database.secretEnv" (dict "root" . "name" "PGUSER"
    "key" .Values.database.secretKeys.username) }}
{{ include "tl-engine.database.secretEnv" (dict "root" . "name" "PGPASSWORD"
    "key" .Values.database.secretKeys.password) }}
{{- end }}

{{/* All that a process needs to reach the database, in either mode. Takes a dict of root and urlKey, the key of the URL
     that becomes DATABASE_URL; empty when the pod composes it. */}}
{{- define "tl-engine.database.clientEnv" -}}
{{- if eq .root.Values.database.mode "statefulset" -}}
- {name: PGHOST, value: {{ include "tl-engine.database.host" .root }}}
- {name: PGPORT, value: "5432"}
{{- if .root.Values.database.statefulset.tls.required }}
- {name: PGSSLMODE, value: require}
{{- end }}
{{ include "tl-engine.database.roleEnv" .root }}
{{- else -}}
- {name: PGSSLMODE, value: {{ .root.Values.database.external.sslMode }}}
{{- end }}
{{- if $.urlKey }}
{{ include "tl-engine.database.secretEnv" (dict "root" .root "name" "DATABASE_URL" "key" $.urlKey) }}
{{- else }}
# Expanded by the kubelet, in which nothing can be encoded: `helm pgcheck` (PGC-803) looks for what would break.
- name: DATABASE_URL
  value: postgresql://$(PGUSER):$(PGPASSWORD)@$(PGHOST):$(PGPORT)/$(PGDATABASE)
    {{- if .root.Values.database.statefulset.tls.required }}?sslmode=require{{ end }}
{{- end }}
{{- with .root.Values.database.secretKeys.directUrl }}
{{ include "tl-engine.database.secretEnv" (dict "root" $.root "name" "DATABASE_URL_DIRECT" "key" .) }}
{{- end }}
{{- with .root.Values.database.secretKeys.readUrl }}
{{ include "tl-engine.database.secretEnv" (dict "root" $.root "name" "DATABASE_URL_READ" "key" .) }}
{{- end }}
{{- end }}

{{/* What every pod has in common: no token, nothing of root, and no variables of Services, which could be taken for
     settings (a Service `pg` would bring PG_PORT). Takes a dict of root, user, the id, which Helm would print as 1e+06,
     and token, set where the API is called. */}}
{{- define "tl-engine.podFields" -}}
automountServiceAccountToken: {{ .token | default false }}
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: {{ int64 .user }}
  runAsGroup: {{ int64 .user }}
  fsGroup: {{ int64 .user }}
  # A volume that already has the group is not walked again at each start.
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{/* Image and when it is pulled. Takes a list of the image's values and the tag that an empty one means. */}}
{{- define "tl-engine.image" -}}
{{- $image := first . -}}
image: {{ printf "%s:%s" $image.repository ($image.tag | default (last .)) | quote }}
imagePullPolicy: {{ $image.pullPolicy }}
{{- end }}

{{/* Security context of every container. */}}
{{- define "tl-engine.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* What the container of every Job has in common: small, and with limits, so that a quota lets it in. */}}
{{- define "tl-engine.jobContainerFields" -}}
securityContext:
  {{- include "tl-engine.containerSecurityContext" . | nindent 2 }}
resources:
  requests: {cpu: 10m, memory: 32Mi}
  limits: {cpu: 500m, memory: 128Mi}
{{- end }}
