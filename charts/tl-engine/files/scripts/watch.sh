#!/bin/sh
# watch.sh SERVER STATE: beside the server, reloads it when its mounted configuration is no longer STATE. It lives in
# the pod because only there the new files are seen to have come (the kubelet takes a minute), and so that a renewed
# certificate or somebody's own ConfigMap, which no upgrade knows of, is taken up as well.
set -eu
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
server=$1 seen=$2
while sleep 5; do
  now=$(config_state)
  if [ "$now" != "$seen" ]; then
    say "the configuration changed: reloading it"
    kill -HUP "$server" && seen=$now
  fi
done
