"""Which machines may be asked for a feed: those that everybody on the internet can ask."""

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

LONGEST = 1000  # characters
PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """The address may not be asked, or gave nothing that can be used; the message is for staff."""

    permanent = True
    kind = "feed_refused"


def split(url: str) -> SplitResult:
    """The parts of an http or https address; raises Refused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("The address cannot be read.") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise Refused("The address must begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise Refused("An address with a user name or password in it is not asked.")
    if port == 0 or len(url) > LONGEST or not url.isprintable() or not url.isascii() or " " in url:
        raise Refused("The address has a part that is not allowed.")
    return parts


def resolve(parts: SplitResult) -> str:
    """The IP address to connect to, and no other: a name that is asked twice may give two answers.

    Raises Refused if any address of the name is private, or OSError when the name is unknown.
    """
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Refused("The address has a host that is no name.") from None
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    if not addresses or not all(map(is_allowed, addresses)):
        raise Refused(f"{parts.hostname} is not on the public internet.")
    return addresses[0]


def is_allowed(address: str) -> bool:
    """Public, or in one of settings.FEED_NETWORKS."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    # An IPv4 address in IPv6 clothes is judged as what it is.
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    ip = inner or ip
    if any(ip in ipaddress.ip_network(network) for network in settings.FEED_NETWORKS):
        return True
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in NAT64


NAT64 = ipaddress.ip_network("64:ff9b::/96")
