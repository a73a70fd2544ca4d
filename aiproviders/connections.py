"""The database connection of a thread that is about to wait for somebody else's server."""

from django.db import connections


def give_back(caller: str) -> None:
    """A call over the network takes seconds to minutes; a connection held that long starves everybody else.

    Raises RuntimeError, which names `caller`, inside an open transaction: it would stay open all that time.
    """
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise RuntimeError(f"{caller} was called inside an open transaction; call it before or after.")
    connections.close_all()
