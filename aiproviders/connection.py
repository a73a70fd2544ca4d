"""The database connection while somebody waits for a network."""

from django.db import connections


def give_back() -> None:
    """A model call takes seconds to minutes; a database connection held that long starves everybody else.

    Raises RuntimeError inside an open transaction.
    """
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise RuntimeError("a call over the network was made inside an open transaction; make it before or after")
    connections.close_all()
