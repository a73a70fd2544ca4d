"""Which machines may be asked at an address that somebody has given: those that everybody on the internet can ask."""

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

LONGEST = 1000  # characters
PORTS = {"http": 80, "https": 443}
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Refused(Exception):
    """The address may not be asked, or gave nothing that can be used; the message is for whoever gave it."""

    permanent = True
    kind = "address_refused"


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


def resolve(parts: SplitResult, networks: Iterable[str] = ()) -> str:
    """The IP address to connect to, and no other: a name that is asked twice may give two answers.

    Raises Refused if any address of the name is neither public nor in `networks`, or OSError when it is unknown.
    """
    port = parts.port or PORTS[parts.scheme]
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except UnicodeError:
        raise Refused("The address has a host that is no name.") from None
    addresses = list(dict.fromkeys(entry[4][0] for entry in found))
    if not addresses or not all(is_within(address, networks) or is_public(address) for address in addresses):
        raise Refused(f"{parts.hostname} is not on the public internet.")
    return addresses[0]


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether the IP address is in one of `networks`, such as "10.0.0.0/8"."""
    ip = _judged(address)
    return any(ip in ipaddress.ip_network(network) for network in networks)


def is_public(address: str) -> bool:
    """Whether the IP address is one that everybody can ask."""
    ip = _judged(address)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in NAT64


def _judged(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """An IPv4 address in IPv6 clothes is judged as what it is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
