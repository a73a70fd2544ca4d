"""Calls that begin in the same moment, or meet in the middle, on real connections."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import QuerySet

from tests.processes import wait_until


def all_at_once(calls: list) -> list:
    """The results of calls that begin together, each in a thread with its own database connection."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(30)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def waiting() -> int:
    """How many wait for a lock in PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0]


def while_somebody_locks(first: QuerySet, then: QuerySet, call: Callable[[], Any]) -> Any:
    """What `call` returns. It meets somebody who has locked the rows `first` and, once it waits for them, locks `then`.

    If it has those already, each waits for the other, and PostgreSQL lets one of the two fail: so does this.
    """
    has_first = Event()

    def somebody() -> None:
        try:
            with transaction.atomic():
                list(first.select_for_update(of=("self",)))
                has_first.set()
                wait_until(waiting)
                list(then.select_for_update(of=("self",)))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        theirs = thread.submit(somebody)
        assert has_first.wait(30)
        try:
            return call()
        finally:
            connection.close()
            theirs.result()
