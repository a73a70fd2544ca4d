"""One kept connection, which sets the key, the time limits and the headers of what leaves by itself.

So no SDK's own ideas about them matter, and an SDK that knows no key cannot lose one.
"""

import contextlib
import importlib
import os
import threading
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from aiproviders.base import Endpoint
from aiproviders.deadline import Deadline

# Servers close idle connections after 5 s (node, uvicorn, llama.cpp) or later; one that closes while we send costs us
# the attempt, because the request may have been read.
IDLE_SECONDS = 3.0
CONNECT_SECONDS = 5.0
MOST_BYTES = 16 * 1024 * 1024  # of an answer; the longest text of any model is a megabyte
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# The SDKs add headers from OPENAI_ORG_ID, ANTHROPIC_CUSTOM_HEADERS and the like; not ours to send. Nor is a cookie.
HEADERS = {"accept", "accept-encoding", "anthropic-version", "connection", "content-length", "content-type", "host"}
HEADERS |= {"user-agent"}


class Lane:
    """One connection under one key: `client` is the HTTP client to give to an SDK, `response` what last came back."""

    def __init__(self, endpoint: Endpoint, key_header: str) -> None:
        import httpx2

        _import_old_httpx()
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
        if self._key_header:
            name, _, form = self._key_header.partition(": ")
            request.headers[name] = form.format(key)
        request.headers["accept-encoding"] = "identity"  # what is packed has no bounds before it is unpacked
        seconds = self.deadline.seconds
        request.extensions["timeout"] = dict.fromkeys(("read", "write", "pool"), seconds)
        request.extensions["timeout"]["connect"] = min(CONNECT_SECONDS, seconds)
        request.extensions["trace"] = self._trace
        if self._socket is not None:  # else, or when the pool finds it closed, `_trace` learns of a new one
            self.deadline.follow(self._socket)

    def _note(self, response: Any) -> None:
        response.stream = _bounded()(response.stream)
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


@cache
def _import_old_httpx() -> None:
    """Where httpx is installed beside httpx2, openai looks at it in `sys.modules` at each request. It must be whole by
    then: requests failed while another thread was importing it, as Stripe's package does."""
    with contextlib.suppress(ImportError):
        importlib.import_module("httpx")


def tls_settings() -> Any:
    """An SSLContext that every lane shares: loading the certificates is what makes a client expensive."""
    with _tls_lock:  # or hundreds of threads that start together make one each
        return _tls_settings()


@cache
def _tls_settings() -> Any:
    import httpx2

    return httpx2.create_ssl_context()


@cache
def _bounded() -> Any:
    import httpx2

    class Bounded(httpx2.SyncByteStream):
        """An answer that breaks off when it gets absurdly long: a worker's memory is not a server's to fill."""

        def __init__(self, stream: Any) -> None:
            self.stream = stream

        def __iter__(self) -> Iterator[bytes]:
            left = MOST_BYTES
            for chunk in self.stream:
                left -= len(chunk)
                if left < 0:
                    raise httpx2.ReadError("the answer is too long")
                yield chunk

        def close(self) -> None:
            self.stream.close()

    return Bounded


def _start_anew() -> None:
    global _tls_lock
    _tls_lock = threading.Lock()


_start_anew()
os.register_at_fork(after_in_child=_start_anew)  # a fork may come while another thread holds it
