"""Looks at real processes, by pid."""

import time
from collections.abc import Callable
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether `pid` runs; a zombie that nobody has reaped yet does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def wait_until(condition: Callable[[], object], timeout: float = 60.0) -> None:
    """Poll until `condition()` is true; fails the test after `timeout` seconds.

    Every 20 ms; what takes longer to ask, as a page, is asked less often: those who are asked shall do their work.
    """
    deadline = time.monotonic() + timeout
    begun = time.monotonic()
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {timeout} s"
        time.sleep(min(0.1, max(0.02, 4 * (time.monotonic() - begun))))
        begun = time.monotonic()
