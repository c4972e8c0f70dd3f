# Runs in the working directory of the volume, in a pod after the one that wrote.
exec >/dev/termination-log 2>&1
set -eu
printf 'sum %s\n' "$(cksum <pgcheck-probe)"
