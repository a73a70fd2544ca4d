"""A total time limit for one exchange over a socket.

The SDKs' `timeout` is per read: a server that sends a byte now and then keeps a call alive for ever. This one
shuts the socket down when the time is over, which wakes the reading thread at once. One thread watches all
limits of the process: a timer each would cost a thread per call.
"""

import contextlib
import math
import os
import socket
import threading
import time
from typing import Self


class Deadline:
    """`with Deadline(seconds) as deadline`, and `deadline.follow(socket)` for every socket the exchange uses.

    `passed` tells afterwards why the exchange broke off. Name look-up is the one phase a socket cannot bound.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        _watchdog.add(self, time.monotonic() + self.seconds)
        return self

    def __exit__(self, *_: object) -> None:
        _watchdog.remove(self)  # from here on nobody cuts: the socket may serve the next call
        self._socket = None

    def follow(self, used: socket.socket) -> None:
        """Cut `used` when the time is over; raises TimeoutError when it is over already."""
        self._socket = used
        if self.passed:
            raise TimeoutError

    def cut(self) -> None:
        """End the exchange now; the watchdog's to call."""
        self.passed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


class _Watchdog:
    """Knows when each running exchange must end. Cuts under its lock, so that nobody is cut after `remove`."""

    def __init__(self) -> None:
        self._changed = threading.Condition(threading.Lock())
        self._ends: dict[Deadline, float] = {}
        self._wakes = math.inf
        self._thread: threading.Thread | None = None

    def add(self, deadline: Deadline, at: float) -> None:
        with self._changed:
            self._ends[deadline] = at
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="deadlines", daemon=True)
                self._thread.start()
            elif at < self._wakes:
                self._changed.notify()

    def remove(self, deadline: Deadline) -> None:
        with self._changed:
            self._ends.pop(deadline, None)

    def _watch(self) -> None:
        with self._changed:
            while True:
                now = time.monotonic()
                for deadline in [deadline for deadline, at in self._ends.items() if at <= now]:
                    del self._ends[deadline]
                    deadline.cut()
                self._wakes = min(self._ends.values(), default=math.inf)
                self._changed.wait(None if self._wakes == math.inf else self._wakes - now)


def _start_anew() -> None:
    global _watchdog
    _watchdog = _Watchdog()


_start_anew()
os.register_at_fork(after_in_child=_start_anew)  # a fork has no watching thread, and perhaps a locked lock
