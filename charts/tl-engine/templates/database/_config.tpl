{{/* postgresql.conf: first what the chart rests on, then the user's settings, which win. */}}
{{- define "tl-engine.database.postgresqlConf" -}}
listen_addresses = '*'
# Clients of images differ in where they look for the socket.
unix_socket_directories = '/var/run/postgresql,/tmp'
password_encryption = 'scram-sha-256'
log_destination = 'stderr'
# With the SQLSTATE (%e), so that a log can be read by code.
log_line_prefix = '%m [%p] %e %q%u@%d '
{{- range $name, $value := .Values.database.statefulset.config }}
{{- /* toJson writes large numbers out, where toString would give 1e+06. */}}
{{ $name }} = '{{ (kindIs "string" $value | ternary $value (toJson $value))
  | replace "\\" "\\\\" | replace "'" "''" }}'
{{- end }}
{{- end }}

{{/* pg_hba.conf: the superuser by peer on the socket and in no other way, everybody else by SCRAM. */}}
{{- define "tl-engine.database.pgHba" -}}
# TYPE  DATABASE  USER      ADDRESS  METHOD
local   all       postgres           peer
local   all       all                scram-sha-256
host    all       postgres  all      reject
host    all       all       all      scram-sha-256
{{- end }}
