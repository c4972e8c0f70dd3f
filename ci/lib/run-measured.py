"""Runs a command: prints its exit code, milliseconds and the peak KiB of the largest process that it started."""
import os
import sys
import time

with open(os.devnull, "r+b") as nothing:
    begun = time.monotonic()
    child = os.posix_spawnp(
        sys.argv[1],
        sys.argv[1:],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, nothing.fileno(), stream) for stream in (0, 1, 2)],
    )
    _, status, usage = os.wait4(child, 0)
    millis = round((time.monotonic() - begun) * 1000)
print(os.waitstatus_to_exitcode(status), millis, usage.ru_maxrss)
