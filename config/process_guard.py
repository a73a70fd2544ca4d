"""A tiny process that ends process groups whose owner died without a word (kill -9).

The owner writes `+PGID` and `-PGID` lines into the guard's standard input. When the pipe closes, every group that
is still listed is ended: politely first, by force after `GRACE` seconds. Run as a script it imports neither Django
nor this package, so it costs a few MB. Unlike Linux' parent-death signal it reaches grandchildren and works on macOS.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

GRACE = 5.0


class Guard:
    """The owner's end. `watch` and `forget` take the pid of a child that leads its own process group."""

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def watch(self, group: int) -> None:
        """From now on `group` ends with this process."""
        self._groups.add(group)
        self._tell(f"+{group}\n")

    def forget(self, group: int) -> None:
        """`group` is gone; its number may be given to somebody else."""
        self._groups.discard(group)
        self._tell(f"-{group}\n")

    def ensure_running(self) -> None:
        """Start the guard again if somebody killed it."""
        if self._process.poll() is not None:
            self._process.stdin.close()
            self._start()

    def close(self) -> None:
        """Let the guard end whatever is still listed, and wait for it."""
        with suppress(OSError):
            self._process.stdin.close()
        self._process.wait()

    def _start(self) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very file
            [sys.executable, "-I", "-S", __file__], stdin=subprocess.PIPE, start_new_session=True, bufsize=0
        )
        for group in self._groups:
            self._tell(f"+{group}\n")

    def _tell(self, line: str) -> None:
        with suppress(BrokenPipeError):  # ensure_running() starts a new one and tells it everything
            self._process.stdin.write(line.encode())


def signal_group(group: int, signum: int) -> bool:
    """Send `signum` to a process group; False when nobody is left in it."""
    try:
        os.killpg(group, signum)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return False
    return True


def end(groups: set[int]) -> None:
    """End all `groups`: SIGTERM, up to GRACE seconds, SIGKILL."""
    for group in groups:
        signal_group(group, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while time.monotonic() < deadline and any(signal_group(group, 0) for group in groups):
        time.sleep(0.05)
    for group in groups:
        signal_group(group, signal.SIGKILL)


def main() -> None:
    """Read the owner's lines until the pipe closes, then end what is left."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
    end(groups)


if __name__ == "__main__":
    main()
