# Runs in the working directory of an old claim's volume, which is mounted read-only. What it says is read from the
# container's termination message: the data directories with their major, what it may not look into, and the servers.
exec >/dev/termination-log 2>&1
set -eu
export LC_ALL=C

# look DIRECTORY LEVELS: inside of a data directory it looks no further.
look() {
  if ! { [ -r "$1" ] && [ -x "$1" ]; } || { [ -f "$1/PG_VERSION" ] && ! [ -r "$1/PG_VERSION" ]; }; then
    printf 'closed %s\n' "$1"
  elif [ -f "$1/PG_VERSION" ] && [ -d "$1/global" ]; then
    major=
    read -r major <"$1/PG_VERSION" || [ -n "$major" ]
    printf 'data %s %s\n' "$major" "$1"
  elif [ "$2" -gt 0 ]; then
    for inside in "$1"/*/; do
      inside=${inside%/}
      # mkfs makes lost+found, for root alone.
      if [ -d "$inside" ] && [ ! -L "$inside" ] && [ "${inside##*/}" != lost+found ]; then
        look "$inside" $(($2 - 1))
      fi
    done
  fi
}
look . 3

if command -v postgres >/dev/null; then
  printf 'server %s\n' "$(postgres --version)"
else
  for server in /usr/lib/postgresql/*/bin/postgres; do
    [ ! -x "$server" ] || printf 'server %s\n' "$("$server" --version)"
  done
fi
printf 'image %s\n' "${PG_MAJOR:-}"
