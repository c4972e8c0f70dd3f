# shellcheck shell=sh
# Common to the scripts of the database's pod. POSIX sh, because images bring dash, bash or busybox.
# Expects PGDATA, a directory one level below the mount of the volume.

volume=$(dirname "$PGDATA")
config=/etc/tl-engine/config
# Where a directory is made, until it is complete.
new=$PGDATA.new

say() { printf 'tl-engine: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# Official images have the server on PATH, images made of Debian's packages below /usr/lib/postgresql.
find_server() {
  command -v postgres >/dev/null && return
  set -- /usr/lib/postgresql/*/bin
  [ $# -eq 1 ] || die "the image holds more than one PostgreSQL ($*): put the one to use on its PATH"
  [ -x "$1/postgres" ] || die "the image holds no PostgreSQL, neither on PATH nor in /usr/lib/postgresql/*/bin"
  PATH=$1:$PATH
}

image_major() { postgres --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'; }

has_data() { [ -s "$PGDATA/PG_VERSION" ]; }

# A server of another major cannot read the files, and would say so less plainly.
check_major() {
  data_major=$(cat "$PGDATA/PG_VERSION")
  major=$(image_major)
  [ "$data_major" = "$major" ] || die "$PGDATA was made by PostgreSQL $data_major, the image holds $major." \
    "Nothing was changed. Go back to an image with $data_major (database.statefulset.image.tag)," \
    "or dump with $data_major and restore into an empty volume with $major."
}

# A pod deleted by force may still run beside its successor, and neither sees the other's process id: PostgreSQL's
# own lock file would not stop the second. The lock is kept by the open file, so it goes with the last process.
lock_volume() {
  [ -w "$volume" ] || die "user $(id -u) may not write to the volume at $volume: look at its owner and mode"
  exec 9>"$volume/.lock"
  flock -n 9 || die "another pod still uses the volume at $volume: waiting for it to end"
}

refuse_foreign_files() {
  [ -z "$(ls -A "$PGDATA" 2>/dev/null)" ] ||
    die "$PGDATA holds files but no PG_VERSION: not a complete data directory. Nothing was changed."
  for found in "$volume/PG_VERSION" "$volume"/*/PG_VERSION "$volume"/*/docker/PG_VERSION; do
    [ "$found" = "$new/PG_VERSION" ] || [ ! -e "$found" ] ||
      die "the volume holds a data directory in another place ($(dirname "$found"))." \
        "Move it to $PGDATA, or use another claim. Nothing was changed."
  done
}

publish() {
  initdb --sync-only --pgdata="$new" >/dev/null
  [ ! -d "$PGDATA" ] || rmdir "$PGDATA"
  mv "$new" "$PGDATA"
  sync "$volume" 2>/dev/null || sync
}

# copy_server HOST: into the new directory. The password comes by environment.
copy_server() {
  rm -rf "$new"
  PGPASSWORD=$REPLICATION_PASSWORD PGCONNECT_TIMEOUT=10 pg_basebackup --host="$1" --username=tl_replication \
    --no-password --pgdata="$new" --wal-method=stream --checkpoint=fast
}

# control LABEL: what the control file says.
control() { pg_controldata -D "$PGDATA" | sed -n "s/^$1: *//p"; }

# The slot that keeps WAL for this pod, named after it: a slot's name has no hyphens.
slot_name() { printf %s "$POD_NAME" | tr - _; }

# What a reload applies: the kubelet renews these files by itself when a ConfigMap or Secret changes.
config_state() { cat "$config"/* /etc/tl-engine/user/* /etc/tl-engine/tls/* 2>/dev/null | cksum; }
