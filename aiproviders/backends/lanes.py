"""The connections kept between calls.

A client built for one call costs 25 ms of CPU (its TLS settings) and half a megabyte; on a kept one a call costs
less than a millisecond. A lane serves one call at a time and never two keys: whatever a server leaves on a
connection, nobody else can read it.
"""

import contextlib
import hashlib
import math
import os
import threading
import time
from collections.abc import Iterator

from aiproviders.backends.lane import IDLE_SECONDS, Lane
from aiproviders.base import Endpoint
from aiproviders.deadline import Deadline

BEARER = "authorization: Bearer {}"
MOST_IDLE = 256  # file descriptors and memory, should hundreds of keys be used in the same seconds


class _Lanes:
    """The lanes that nobody uses now."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[tuple, list[Lane]] = {}
        self._swept = time.monotonic()

    def __len__(self) -> int:
        return sum(len(waiting) for waiting in self._idle.values())

    def take(self, address: tuple) -> Lane | None:
        with self._lock:
            waiting = self._idle.get(address)
            return waiting.pop() if waiting else None

    def put(self, address: tuple, lane: Lane) -> None:
        lane.idle_since = now = time.monotonic()
        stale: list[Lane] = []
        with self._lock:
            if now - self._swept > IDLE_SECONDS:
                self._swept, stale = now, self._sweep(now - IDLE_SECONDS)
            if len(self) < MOST_IDLE:
                self._idle.setdefault(address, []).append(lane)
            else:
                stale.append(lane)
        for old in stale:
            old.client.close()

    def close(self) -> None:
        """Close every idle connection."""
        with self._lock:
            stale = self._sweep(math.inf)
        for old in stale:
            old.client.close()

    def _sweep(self, before: float) -> list[Lane]:
        stale = [lane for waiting in self._idle.values() for lane in waiting if lane.idle_since < before]
        fresh = {at: [lane for lane in waiting if lane.idle_since >= before] for at, waiting in self._idle.items()}
        self._idle = {at: waiting for at, waiting in fresh.items() if waiting}
        return stale


@contextlib.contextmanager
def lane(endpoint: Endpoint, deadline: Deadline, *, key_header: str = BEARER) -> Iterator[Lane]:
    """A connection for one call to `endpoint`, that `deadline` cuts off.

    `key_header` is the form of the header with the key; empty: the caller sends the key some other way.
    """
    address = (endpoint.provider, endpoint.base_url, key_header, _digest(endpoint))
    used = _lanes.take(address) or Lane(endpoint, key_header)
    used.deadline, used.response = deadline, None
    try:
        yield used
    except BaseException:
        used.client.close()  # who knows what is still to come on this connection
        raise
    if deadline.passed:  # too late to matter to this call, but its socket is shut
        return used.client.close()
    used.deadline = used.response = None
    _lanes.put(address, used)


def _digest(endpoint: Endpoint) -> bytes:
    key = endpoint.key.reveal().encode() if endpoint.key else b""
    return hashlib.blake2b(key, key=_SALT, digest_size=16).digest()


def _start_anew() -> None:
    global _lanes
    _lanes = _Lanes()


_SALT = os.urandom(16)
_start_anew()
os.register_at_fork(after_in_child=_start_anew)  # a socket must not be written to by two processes
