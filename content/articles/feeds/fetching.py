"""Gets a document from an address that staff have given: bounded in size, time and number of redirects."""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin

from content.articles.feeds.addresses import PORTS, Refused, resolve, split

SECONDS = 20.0  # for all of it, redirects included
MOST_BYTES = 3 * 1024 * 1024
MOST_REDIRECTS = 5
AGENT = "Copydesk feed reader"
ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"


class Unreachable(Exception):
    """The address does not answer now; another try may help."""

    kind = "feed_unreachable"


@dataclass(frozen=True)
class Document:
    """`url` is where it was in the end."""

    url: str
    content: bytes
    content_type: str


def fetch(url: str) -> Document:
    """The document at `url`. Raises Refused for what no other try can change, else Unreachable."""
    deadline = time.monotonic() + SECONDS
    for _ in range(MOST_REDIRECTS + 1):
        try:
            found = _get(split(url), url, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"The address does not answer: {type(error).__name__}.") from None
        if isinstance(found, Document):
            return found
        url = urljoin(url, found)
    raise Refused(f"The address leads on more than {MOST_REDIRECTS} times.")


def _get(parts: SplitResult, url: str, deadline: float) -> Document | str:
    """The document, or where it is instead. One request; the name is resolved once, and checked."""
    connection = http.client.HTTPConnection(parts.hostname, parts.port or PORTS[parts.scheme])
    connection.sock = _connected(parts, _left(deadline))
    # A server that sends a byte now and then never runs into the socket's own time limit.
    raw = connection.sock
    watch = threading.Timer(_left(deadline), _hang_up, [raw])
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers=_headers(parts))
        return _read(connection.getresponse(), url, deadline)
    finally:
        watch.cancel()
        connection.close()


def _connected(parts: SplitResult, seconds: float) -> socket.socket:
    address = resolve(parts)
    raw = socket.create_connection((address, parts.port or PORTS[parts.scheme]), timeout=seconds)
    if parts.scheme == "http":
        return raw
    try:
        return ssl.create_default_context().wrap_socket(raw, server_hostname=parts.hostname)
    except Exception:
        raw.close()
        raise


def _headers(parts: SplitResult) -> dict[str, str]:
    # Compressed, three megabytes may be three gigabytes.
    return {"Host": parts.netloc, "User-Agent": AGENT, "Accept": ACCEPT, "Accept-Encoding": "identity"}


def _read(response: http.client.HTTPResponse, url: str, deadline: float) -> Document | str:
    if response.status in (301, 302, 303, 307, 308) and (target := response.getheader("Location")):
        return target
    if response.status >= 500 or response.status == 429:
        raise Unreachable(f"The address answers with status {response.status}.")
    if response.status != 200:
        raise Refused(f"The address answers with status {response.status}.")
    if response.getheader("Content-Encoding", "identity") != "identity":
        raise Refused("The address sends compressed data although it was asked not to.")
    pieces, size = [], 0
    while piece := response.read1(65536):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise Refused(f"The document is larger than {MOST_BYTES // 1024 // 1024} MB.")
        _left(deadline)
    _left(deadline)  # whoever was hung up on looks like one who has finished
    if response.length:
        raise Unreachable("The document broke off.")
    return Document(url, b"".join(pieces), response.getheader("Content-Type", ""))


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise Unreachable(f"The document did not come within {SECONDS:.0f} seconds.")
    return left


def _hang_up(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended meanwhile
