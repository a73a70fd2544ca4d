"""One request to such an address: the name is resolved once, redirects are the caller's, and all of it ends in time."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from urllib.parse import SplitResult

from content.internet.addresses import PORTS, resolve


class TooSlow(OSError):
    """The answer did not come in time."""


class Deadline:
    """A moment in `seconds` from now."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; raises TooSlow when it is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TooSlow(f"No answer within {self.seconds:g} seconds.")
        return left


@contextmanager
def exchange(
    method: str,
    parts: SplitResult,
    *,
    deadline: Deadline,
    headers: dict[str, str],
    body: bytes | None = None,
    networks: Iterable[str] = (),
) -> Iterator[http.client.HTTPResponse]:
    """The answer to one request, to be read inside the block; who hangs or drips is hung up on at the deadline.

    Raises Refused for a host that may not be asked, OSError or HTTPException when no answer comes.
    """
    connection = http.client.HTTPConnection(parts.hostname, parts.port or PORTS[parts.scheme])
    connection.sock = _connected(parts, deadline.left(), networks)
    # A server that sends a byte now and then never runs into the socket's own time limit.
    watch = threading.Timer(deadline.left(), _hang_up, [connection.sock])
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body=body, headers={"Host": parts.netloc} | headers)
        yield connection.getresponse()
        deadline.left()  # whoever was hung up on looks like one who has finished
    finally:
        watch.cancel()
        connection.close()


def _connected(parts: SplitResult, seconds: float, networks: Iterable[str]) -> socket.socket:
    address = resolve(parts, networks)
    raw = socket.create_connection((address, parts.port or PORTS[parts.scheme]), timeout=seconds)
    if parts.scheme == "http":
        return raw
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
    except Exception:
        raw.close()
        raise


def _hang_up(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended meanwhile
