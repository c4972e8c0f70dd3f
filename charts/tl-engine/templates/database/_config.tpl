{{/* Settings: defaults, then the user's file, then the user's map. The last one wins. */}}
{{- define "tl-engine.database.settings" -}}
password_encryption = 'scram-sha-256'
log_destination = 'stderr'
# With the SQLSTATE (%e), so that a log can be read by code.
log_line_prefix = '%m [%p] %e %q%u@%d '
{{- if include "tl-engine.database.replicated" . }}
# A standby that stays away may not fill the primary's volume; when it comes back it clones again.
max_slot_wal_keep_size = '256MB'
{{- end }}
{{- if .Values.database.statefulset.tls.existingSecret }}
ssl = on
ssl_cert_file = '/etc/tl-engine/tls/tls.crt'
ssl_key_file = '/etc/tl-engine/tls/tls.key'
{{- end }}
{{- if .Values.database.statefulset.existingConfigMap }}
include = '/etc/tl-engine/user/postgresql.conf'
{{- end }}
{{- range $name, $value := .Values.database.statefulset.config }}
{{- /* toJson writes large numbers out, where toString would give 1e+06. */}}
{{ $name }} = '{{ (kindIs "string" $value | ternary $value (toJson $value))
  | replace "\\" "\\\\" | replace "'" "''" }}'
{{- end }}
{{- end }}

{{/* Names the whole configuration, so that a server can be asked whether it runs with it. */}}
{{- define "tl-engine.database.revision" -}}
{{ printf "%s\n%s" (include "tl-engine.database.settings" .) (include "tl-engine.database.pgHba" .)
  | sha256sum | trunc 16 }}
{{- end }}

{{/* pg_hba.conf: the superuser by peer on the socket and in no other way, everybody else by SCRAM. */}}
{{- define "tl-engine.database.pgHba" -}}
# TYPE  DATABASE  USER           ADDRESS  METHOD
local   all       postgres                peer
local   all       tl_monitoring           peer map=server
host    all       postgres       all      reject
{{- range .Values.database.statefulset.pgHba }}
{{ . }}
{{- end }}
local   all       all                     scram-sha-256
{{- $host := .Values.database.statefulset.tls.required | ternary "hostssl" "host   " }}
{{- if include "tl-engine.database.replicated" . }}
{{ $host }} replication tl_replication all    scram-sha-256
{{- end }}
{{ $host }} all       all            all      scram-sha-256
{{- end }}
