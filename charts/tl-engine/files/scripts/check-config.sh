#!/bin/sh
# Hook after an upgrade: waits until each server of HOSTS runs with the configuration REVISION, or says what is in the
# way: PostgreSQL applies the right settings of a file and leaves the wrong ones. The application's role may ask this.
set -eu
say() { printf 'tl-engine: %s\n' "$*" >&2; }
trap 'exit 143' INT TERM

PATH=$PATH:$(echo /usr/lib/postgresql/*/bin | tr ' ' ':')
export PGCONNECT_TIMEOUT=5

ask() {
  psql --no-psqlrc --no-password --tuples-only --no-align --dbname=postgres --host="$1" --command="$2" 2>&1
}

refused="SELECT coalesce(string_agg(what, '; '), '') FROM (
    SELECT format('%s = %s: %s', name, setting, error) FROM pg_file_settings f WHERE error IS NOT NULL
      AND NOT EXISTS (SELECT FROM pg_settings s WHERE s.name = f.name AND s.pending_restart)
    UNION ALL SELECT format('pg_hba.conf: %s', error) FROM pg_hba_file_rules WHERE error IS NOT NULL) AS found (what)"

check() {
  until [ "$(date +%s)" -ge "$end" ]; do
    answer=$(ask "$1" "SELECT current_setting('tl_engine.revision', true)") || true
    if [ "$answer" = "$REVISION" ]; then
      waiting=$(ask "$1" "SELECT string_agg(name, ', ') FROM pg_settings WHERE pending_restart") || waiting=
      wrong=$(ask "$1" "$refused") || true
      [ -z "$wrong" ] || { say "$1 refuses a part of its configuration: $wrong"; return 1; }
      [ -z "$waiting" ] || say "$1 runs with the new configuration, except what needs a restart: $waiting"
      return 0
    fi
    sleep 2
  done
  say "$1 does not run with the new configuration (revision $REVISION). It answered last: ${answer:-nothing}"
  say "Look at the log of its pod. A password that changed in the Secret is taken over when the pod starts again."
  return 1
}

end=$(($(date +%s) + WAIT_SECONDS))
for host in $HOSTS; do check "$host" || exit 1; done
say "every server runs with the new configuration"
