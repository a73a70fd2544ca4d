"""Gets a document from an address that staff have given: bounded in size, time and number of redirects."""

import http.client
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings

from content.internet.addresses import Refused, split
from content.internet.exchange import Deadline, exchange

SECONDS = 20.0  # for all of it, redirects included
MOST_BYTES = 3 * 1024 * 1024
MOST_REDIRECTS = 5
HEADERS = {
    "User-Agent": "Copydesk feed reader",
    "Accept": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "Accept-Encoding": "identity",  # compressed, three megabytes may be three gigabytes
}


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
    deadline = Deadline(SECONDS)
    for _ in range(MOST_REDIRECTS + 1):
        try:
            found = _get(url, deadline)
        except (OSError, http.client.HTTPException) as error:
            raise Unreachable(f"The address does not answer: {type(error).__name__}.") from None
        if isinstance(found, Document):
            return found
        url = urljoin(url, found)
    raise Refused(f"The address leads on more than {MOST_REDIRECTS} times.")


def _get(url: str, deadline: Deadline) -> Document | str:
    """The document, or where it is instead."""
    asked = exchange("GET", split(url), deadline=deadline, headers=HEADERS, networks=settings.FEED_NETWORKS)
    with asked as response:
        return _read(response, url, deadline)


def _read(response: http.client.HTTPResponse, url: str, deadline: Deadline) -> Document | str:
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
        deadline.left()
    deadline.left()  # whoever was hung up on looks like one who has finished
    if response.length:
        raise Unreachable("The document broke off.")
    return Document(url, b"".join(pieces), response.getheader("Content-Type", ""))
