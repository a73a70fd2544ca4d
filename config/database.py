"""What an error of the database means, and the pool of kept connections after PostgreSQL went away and came back."""

import sqlite3
import threading

from django.db import DataError, Error, NotSupportedError, ProgrammingError, connection

PROGRAM_LIMIT = "54"  # PostgreSQL's class of what is too large or too complex for it, such as an entry of an index
ROLLBACK = "40"  # its class of deadlocks


def is_refused_value(error: Error) -> bool:
    """Whether the database is there and cannot bear a value that it was given: asking once more would not help."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, DataError) or state.startswith(PROGRAM_LIMIT)


def is_refused_question(error: Error) -> bool:
    """Whether the database is there and cannot answer what it was asked, such as a regular expression that is none."""
    code = getattr(error.__cause__, "sqlite_errorcode", None)
    untold = isinstance(error, ProgrammingError | NotSupportedError) or code == sqlite3.SQLITE_ERROR
    return untold or is_refused_value(error)


def is_tie(error: Error) -> bool:
    """Whether two transactions waited for each other and PostgreSQL has undone this one: the other goes on."""
    return (getattr(error.__cause__, "sqlstate", None) or "").startswith(ROLLBACK)


def replace_broken_connections() -> None:
    """Look through the kept connections, beside the request: each broken one would cost somebody else a 503."""
    pool = getattr(connection, "pool", None)  # SQLite has none
    if pool is not None:
        threading.Thread(target=pool.check, name="pool-check", daemon=True).start()
