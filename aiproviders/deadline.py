"""A total time limit for one HTTP exchange.

The SDKs' `timeout` is per read: a server that sends a byte now and then keeps a call alive for ever. This one
shuts the socket down when the time is over, which wakes the reading thread at once. Works with every client
built on httpx2, through its `trace` request extension.
"""

import contextlib
import socket
import threading
from typing import Any, Self


class Deadline:
    """`with Deadline(seconds) as deadline`, and `deadline.watch` as a request hook of the HTTP client.

    `passed` tells afterwards why the exchange broke off. Name look-up is the one phase a socket cannot bound.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.passed = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, request: Any) -> None:
        """Follow the connection that this request will use."""
        request.extensions["trace"] = self._trace

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        if event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            stream = info["return_value"]
            self._socket = stream.get_extra_info("socket")
            if self.passed:  # connecting took all the time
                stream.close()
                raise TimeoutError

    def _cut(self) -> None:
        self.passed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
