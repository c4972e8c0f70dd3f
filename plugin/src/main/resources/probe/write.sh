# Runs in the working directory of the volume. What it says is read from the container's termination message.
exec >/dev/termination-log 2>&1
set -eu
export LC_ALL=C
dd if=/dev/urandom of=pgcheck-probe bs=65536 count=16 conv=fsync
printf 'sum %s\n' "$(cksum <pgcheck-probe)"
printf 'df %s\n' "$(df -Pk . | tail -n 1)"
# The time that dd gives for one 8 KiB page includes its fsync.
page=0
while [ "$page" -lt 20 ]; do
  dd if=/dev/zero of=pgcheck-flush bs=8192 count=1 seek="$page" conv=notrunc,fsync 2>&1 | grep copied
  page=$((page + 1))
done
sync
