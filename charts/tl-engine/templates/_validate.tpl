{{/* Rules that no single value can break, each in words: what is wrong, why it hurts, what to set.
     What one value alone may be is said by values.schema.json. */}}
{{- define "tl-engine.validate" -}}
{{- if not .Values.database.mode }}
  {{- fail (join " " (list "database.mode is not set. Choose external (PostgreSQL outside this chart, such as Neon)"
      "or statefulset (PostgreSQL in this cluster), for example --set database.mode=external")) }}
{{- end }}
{{- if eq .Values.database.mode "external" }}
  {{- include "tl-engine.validate.external" . }}
{{- else }}
  {{- include "tl-engine.validate.statefulset" . }}
{{- end }}
{{- include "tl-engine.validate.engine" . }}
{{- range $label, $_ := .Values.commonLabels }}
  {{- if regexMatch "^(app\\.kubernetes\\.io|helm\\.sh|pgcheck\\.io)/" $label }}
    {{- fail (printf "commonLabels must not set %s: the chart sets it itself, and pods are selected by it" $label) }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "tl-engine.validate.external" -}}
{{- if .Values.metrics.enabled }}
  {{- fail (join " " (list "metrics.enabled is true, but in mode external no server of this release is there to be"
      "measured: set metrics.enabled=false, and watch the database where it runs")) }}
{{- end }}
{{- if not .Values.database.existingSecret }}
  {{- fail (join " " (list "database.existingSecret is empty: name the Secret that holds the database's URL,"
      "in mode external nothing else can tell the application where its database is")) }}
{{- end }}
{{- if and .Values.networkPolicy.enabled (not .Values.networkPolicy.externalCidrs) }}
  {{- fail (join " " (list "networkPolicy.enabled is true, but networkPolicy.externalCidrs is empty: the application"
      "could not reach its database, and a policy knows no host names. Name the database's addresses as CIDRs")) }}
{{- end }}
{{- if not .Values.engine.enabled }}
  {{- fail (join " " (list "nothing to install: in mode external the chart deploys the application only,"
      "and engine.enabled is false")) }}
{{- end }}
{{- end }}

{{- define "tl-engine.validate.statefulset" -}}
{{- include "tl-engine.validate.topology" . }}
{{- if and .Values.metrics.enabled .Values.networkPolicy.enabled (not .Values.networkPolicy.metricsNamespaces) }}
  {{- fail (join " " (list "metrics.enabled and networkPolicy.enabled are true, but networkPolicy.metricsNamespaces"
      "is empty: nobody could read the metrics. Name the labels of the namespace that asks")) }}
{{- end }}
{{- $name := include "tl-engine.database.name" . }}
{{- $longest := eq .Values.database.statefulset.topology "replicated" | ternary 47 52 }}
{{- if gt (len $name) (int $longest) }}
  {{- fail (printf "the StatefulSet's name %s has %d characters, %d are possible: %s" $name (len $name) (int $longest)
      "set database.statefulset.name, or use a shorter release name") }}
{{- end }}
{{- if not (regexMatch "^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$" .Values.database.name) }}
  {{- fail (printf "database.name is %q: use 1 to 63 letters, digits, _, . or -, since it is part of the URL"
      .Values.database.name) }}
{{- end }}
{{- if has .Values.database.name (list "postgres" "template0" "template1") }}
  {{- fail (printf "database.name is %s, which PostgreSQL keeps for itself: give the application a database of its own"
      .Values.database.name) }}
{{- end }}
{{- if and .Values.database.nameFromConfigMap.name .Values.database.statefulset.auth.password }}
  {{- fail (join " " (list "database.nameFromConfigMap.name and database.statefulset.auth.password are both set:"
      "the Secret that the chart renders holds the URL, and no template can read a ConfigMap."
      "Make the Secret yourself and name it in database.existingSecret")) }}
{{- end }}
{{- if not (or .Values.database.existingSecret .Values.database.statefulset.auth.password) }}
  {{- fail (join " " (list "database.existingSecret is empty: name the Secret that holds user name and password"
      "(for a lab, database.statefulset.auth.password will do)")) }}
{{- end }}
{{- if regexMatch "^(postgres$|pg_|tl_monitoring$|tl_replication$)" .Values.database.statefulset.auth.username }}
  {{- fail (printf "database.statefulset.auth.username is %s: %s" .Values.database.statefulset.auth.username
      "postgres is the superuser, pg_ is reserved, tl_ is the chart's: the application needs another role") }}
{{- end }}
{{- if and .Values.database.statefulset.tls.required (not .Values.database.statefulset.tls.existingSecret) }}
  {{- fail (join " " (list "database.statefulset.tls.required is true, but no certificate is named:"
      "the database would refuse every connection. Set database.statefulset.tls.existingSecret")) }}
{{- end }}
{{- range list "config_file" "data_directory" "hba_file" "ident_file" "listen_addresses" "port"
    "unix_socket_directories" "tl_engine.revision" }}
  {{- if hasKey $.Values.database.statefulset.config . }}
    {{- fail (printf "database.statefulset.config must not set %s: the chart's probes, Service and scripts rest on it"
        .) }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "tl-engine.validate.topology" -}}
{{- $set := .Values.database.statefulset }}
{{- if and (ne $set.topology "independent") (ne (int $set.replicas) 1) }}
  {{- fail (printf "database.statefulset.replicas is %d, but with topology %s one pod writes: %s" (int $set.replicas)
      $set.topology (join " " (list "more of them would be separate databases behind one address."
      "For pods with data of their own (the lab) set database.statefulset.topology=independent"))) }}
{{- end }}
{{- if and (eq $set.topology "independent") .Values.engine.enabled }}
  {{- fail (join " " (list "engine.enabled is true, but with topology independent each pod has data of its own,"
      "and the application would meet another database at each connection."
      "Set engine.enabled=false, or database.statefulset.topology=standalone")) }}
{{- end }}
{{- if eq $set.topology "replicated" }}
  {{- if $set.auth.password }}
    {{- fail (join " " (list "database.statefulset.auth.password is set, but topology replicated needs a second"
        "password, that of the standbys: make the Secret yourself, and name it in database.existingSecret")) }}
  {{- end }}
{{- else }}
  {{- if $set.recoverFrom }}
    {{- fail (printf "database.statefulset.recoverFrom is %s, but with topology %s there is no standby to recover from"
        $set.recoverFrom $set.topology) }}
  {{- end }}
  {{- if ne (int $set.readReplicas) 1 }}
    {{- fail (printf "database.statefulset.readReplicas is %d, but topology %s has no standbys: set %s"
        (int $set.readReplicas) $set.topology "database.statefulset.topology=replicated") }}
  {{- end }}
{{- end }}
{{- if has $set.serviceName (list (printf "%s-read" (include "tl-engine.database.name" .))
    (printf "%s-read-headless" (include "tl-engine.database.name" .))) }}
  {{- fail (printf "database.statefulset.serviceName is %s, the name of a Service of the standbys: choose another one"
      $set.serviceName) }}
{{- end }}
{{- if eq $set.serviceName (printf "%s-headless" (include "tl-engine.database.name" .)) }}
  {{- fail (printf "database.statefulset.serviceName is %s, the name of the headless Service: choose another one"
      $set.serviceName) }}
{{- end }}
{{- end }}

{{- define "tl-engine.validate.engine" -}}
{{- $scaling := .Values.engine.autoscaling }}
{{- if and $scaling.enabled (lt (int $scaling.maxReplicas) (int $scaling.minReplicas)) }}
  {{- fail (printf "engine.autoscaling.maxReplicas is %d, less than minReplicas, which is %d" (int $scaling.maxReplicas)
      (int $scaling.minReplicas)) }}
{{- end }}
{{- $fewest := int ($scaling.enabled | ternary $scaling.minReplicas .Values.engine.replicas) }}
{{- if and .Values.engine.enabled .Values.engine.podDisruptionBudget.enabled (lt $fewest 2) }}
  {{- fail (printf "engine.podDisruptionBudget.enabled is true, but the application may have only %d pod(s): %s" $fewest
      "there is nothing to keep while it moves. Set engine.replicas or engine.autoscaling.minReplicas to 2 or more") }}
{{- end }}
{{- range $name, $_ := .Values.engine.env }}
  {{- if regexMatch "^(DATABASE_URL|DATABASE_URL_DIRECT|DATABASE_URL_READ|POOL_MAX_SIZE|PG[A-Z]+)$" $name }}
    {{- fail (printf "engine.env must not set %s: the chart sets it from database.* and engine.pool.maxSize" $name) }}
  {{- end }}
{{- end }}
{{- end }}
