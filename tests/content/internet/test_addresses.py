"""Which addresses may be asked; what servers may send is tested with feeds and webhooks, which use this."""

import socket

import pytest

from content.internet import addresses
from content.internet.addresses import Refused


def test_a_name_is_resolved_once_and_that_address_is_asked(monkeypatch):
    """A name server that gives a public address to the check and a private one to the connection gets nowhere."""
    answers = ["93.184.216.34", "127.0.0.1"]
    asked = []

    def getaddrinfo(host, port, *args, **options):
        if host == "rebind.example":
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answers[len(asked) - 1], port))]
        return real(host, port, *args, **options)

    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    parts = addresses.split("http://rebind.example:8080/feed")
    assert addresses.resolve(parts) == "93.184.216.34"
    assert asked == ["rebind.example"]


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("93.184.216.34", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Refused, match="not on the public internet"):
        addresses.resolve(addresses.split("http://both.example/"))


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "2002:a01:203::"])
def test_a_private_address_is_asked_only_in_networks_that_are_named(address):
    assert not addresses.is_public(address)
    assert addresses.is_within(address, ["10.0.0.0/8", "fd00::/8"])
    assert not addresses.is_within(address, ["192.168.0.0/16"])
    assert not addresses.is_within(address, [])
