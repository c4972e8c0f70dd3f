#!/bin/sh
# Init container of a standby: leaves a copy of the primary that can follow it, or stops and says why. A directory that
# belongs to another database (another system identifier) or that was promoted is never touched.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
umask 077
trap 'exit 143' INT TERM

# ask CONNECTION QUERY
ask() {
  PGPASSWORD=$REPLICATION_PASSWORD PGCONNECT_TIMEOUT=5 psql --no-psqlrc --no-password --tuples-only --no-align --quiet \
    --set=ON_ERROR_STOP=1 --username=tl_replication --host="$PRIMARY" --dbname="$1" --command="$2"
}

primary_answers() { pg_isready --quiet --timeout=3 --host="$PRIMARY"; }

wait_for_primary() {
  until primary_answers; do
    say "waiting for the primary at $PRIMARY"
    sleep 3
  done
}

refuse_another_database() {
  theirs=$(ask replication=1 IDENTIFY_SYSTEM | cut -d '|' -f 1)
  [ -n "$theirs" ] || die "the primary did not tell its system identifier"
  ours=$(control 'Database system identifier')
  [ "$ours" = "$theirs" ] || die "this volume holds data of the database $ours, the primary at $PRIMARY is another" \
    "one, $theirs: it was made anew, or this claim belongs elsewhere. Nothing was changed: this may be the only copy." \
    "See the README: Promotion by hand. When it is not needed, delete this pod's claim."
}

# Whether the primary still has the WAL from where this copy goes on. Its oldest file decides; the timeline, the first
# eight digits of a file's name, does not matter.
wal_is_gone() {
  position=$(control 'Minimum recovery ending location')
  [ "$position" != 0/0 ] || position=$(control "Latest checkpoint's REDO location")
  segment=$(printf '%08X%08X' "0x${position%/*}" $((0x${position#*/} / $(control 'Bytes per WAL segment'))))
  [ "$(ask postgres "SELECT min(substr(name, 9)) > '$segment' FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'")" = t ]
}

# A slot is lost when WAL that it should keep went over max_slot_wal_keep_size; such a slot is of no use any more.
ensure_slot() {
  slot=$(slot_name)
  ask postgres "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots
    WHERE slot_name = '$slot' AND wal_status = 'lost' AND NOT active" >/dev/null
  ask postgres "SELECT pg_create_physical_replication_slot('$slot', true)
    WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '$slot')" >/dev/null
}

clone() {
  ensure_slot
  copy_server "$PRIMARY"
  touch "$new/standby.signal"
}

find_server
lock_volume
if ! has_data; then
  refuse_foreign_files
  wait_for_primary
  say "the volume is empty: copying the primary at $PRIMARY"
  clone
  publish
  say "$PGDATA is a copy of the primary"
  exit 0
fi
check_major
[ -e "$PGDATA/standby.signal" ] ||
  die "$PGDATA is no standby's: it was promoted, and may hold what the primary lacks." \
    "Nothing was changed. When it is not needed, delete this pod's claim."
if ! primary_answers; then
  say "the primary at $PRIMARY does not answer: starting with the data that is here, to be read"
  exit 0
fi
refuse_another_database
if wal_is_gone; then
  say "the primary no longer has the WAL that this copy needs: copying it again"
  clone
  rm -rf "$PGDATA"
  publish
else
  ensure_slot
fi
say "$PGDATA follows the primary at $PRIMARY"
