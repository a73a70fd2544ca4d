"""Connections kept between calls.

A client built for one call costs 25 ms of CPU (its TLS settings) and half a megabyte; on a kept one a call costs
less than a millisecond. A lane is one connection that serves one call at a time and never two keys: whatever a
server leaves on a connection, nobody else can read it. The lane itself sets the key, the time limits and the
headers of what leaves, so that no SDK's own ideas about them matter.
"""

import contextlib
import hashlib
import math
import os
import threading
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from aiproviders.base import Endpoint
from aiproviders.deadline import Deadline

# Servers close idle connections after 5 s (node, uvicorn, llama.cpp) or later; one that closes while we send costs us
# the attempt, because the request may have been read.
IDLE_SECONDS = 3.0
MOST_IDLE = 256  # file descriptors and memory, should hundreds of keys be used in the same seconds
CONNECT_SECONDS = 5.0
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# The SDKs add headers from OPENAI_ORG_ID, ANTHROPIC_CUSTOM_HEADERS and the like; not ours to send. Nor is a cookie.
HEADERS = {"accept", "accept-encoding", "anthropic-version", "connection", "content-length", "content-type", "host"}
HEADERS |= {"user-agent"}


class Lane:
    """One connection under one key: `client` is the HTTP client to give to an SDK, `response` what last came back."""

    def __init__(self, endpoint: Endpoint, key_header: str) -> None:
        import httpx2

        self.deadline: Deadline | None = None
        self.response: Any = None
        self.idle_since = 0.0
        self._sdk: Any = None
        self._socket: Any = None
        self._key, self._key_header = endpoint.key, key_header
        self.client = httpx2.Client(
            verify=tls_settings(),
            follow_redirects=False,
            trust_env=urlsplit(endpoint.base_url).hostname not in LOOPBACK,  # a proxy cannot reach our loopback
            limits=httpx2.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=IDLE_SECONDS),
            event_hooks={"request": [self._prepare], "response": [self._note]},
        )

    def sdk(self, build: Callable[[Any], Any]) -> Any:
        """The provider's SDK on this connection, made once by `build(client)`."""
        if self._sdk is None:
            self._sdk = build(self.client)
        return self._sdk

    @property
    def answered(self) -> bool:
        """Whether a whole answer has come, of whatever status."""
        import httpx2

        try:
            return self.response is not None and self.response.content is not None
        except httpx2.StreamError:  # never read to its end
            return False

    def _prepare(self, request: Any) -> None:
        for name in set(request.headers) - HEADERS:
            del request.headers[name]
        key = self._key.reveal() if self._key else "none"  # local servers take any
        request.headers[self._key_header] = f"Bearer {key}" if self._key_header == "authorization" else key
        seconds = self.deadline.seconds
        request.extensions["timeout"] = dict.fromkeys(("read", "write", "pool"), seconds)
        request.extensions["timeout"]["connect"] = min(CONNECT_SECONDS, seconds)
        request.extensions["trace"] = self._trace
        if self._socket is not None:  # else, or when the pool finds it closed, `_trace` learns of a new one
            self.deadline.follow(self._socket)

    def _note(self, response: Any) -> None:
        self.response = response

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            stream = info["return_value"]
            self._socket = stream.get_extra_info("socket")
            try:
                self.deadline.follow(self._socket)
            except TimeoutError:  # connecting took all the time
                stream.close()
                raise


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
def lane(endpoint: Endpoint, deadline: Deadline, *, key_header: str = "authorization") -> Iterator[Lane]:
    """A connection for one call to `endpoint`, that `deadline` cuts off; the key is sent in `key_header`."""
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


def tls_settings() -> Any:
    """An SSLContext that every lane shares: loading the certificates is what makes a client expensive."""
    with _tls_lock:  # or hundreds of threads that start together make one each
        return _tls_settings()


@cache
def _tls_settings() -> Any:
    import httpx2

    return httpx2.create_ssl_context()


def _start_anew() -> None:
    global _lanes, _tls_lock
    _lanes, _tls_lock = _Lanes(), threading.Lock()


_SALT = os.urandom(16)
_start_anew()
os.register_at_fork(after_in_child=_start_anew)  # a socket must not be written to by two processes
