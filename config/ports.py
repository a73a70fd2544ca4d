"""Loopback ports: is one free, and which one may a server of ours have."""

import random
import socket

# Below the range from which systems take the ports of outgoing connections: there a client that keeps retrying
# against a server that is down can be connected to itself, and then holds the server's own port.
OURS = range(20_000, 32_000)


class NoFreePort(Exception):
    """No port of `OURS` could be had."""


def is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now; raises PermissionError for a port of the system's."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """`preferred` if it is free, else a random free port; raises NoFreePort."""
    for port in [preferred or random.choice(OURS), *random.sample(OURS, 100)]:  # noqa: S311 - not a secret
        if is_free(port):
            return port
    raise NoFreePort(f"No free port between {OURS.start} and {OURS.stop}.")
