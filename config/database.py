"""The pool of kept connections after PostgreSQL went away and came back."""

import threading

from django.db import connection


def replace_broken_connections() -> None:
    """Look through the kept connections, beside the request: each broken one would cost somebody else a 503."""
    pool = getattr(connection, "pool", None)  # SQLite has none
    if pool is not None:
        threading.Thread(target=pool.check, name="pool-check", daemon=True).start()
