"""Fixtures for all tests. tests/services.py has started Redis and the database before Django read its settings."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.db import connection

from aiproviders import keys, shared
from tests.workers import WorkerProcess


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup) -> Iterator[None]:
    """The test database, and on SQLite a connection that stays: when the last one closes, it writes its log back to the
    disk and removes it, and most tests with `transaction=True` have but one, which every job gives back."""
    if connection.vendor != "sqlite":
        yield
        return
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as one:
        one.execute("SELECT count(*) FROM sqlite_master").fetchone()
        yield


@pytest.fixture(autouse=True)
def everybody_is_asked_again():
    """What one test taught the workers about a provider (it rests, it is used up) is forgotten in the next."""
    if names := shared.ask(lambda redis: list(redis.scan_iter(shared.PREFIX + "*", count=1000)), otherwise=[]):
        shared.client().delete(*names)
    keys.forget_house_rows()


@pytest.fixture
def start_worker(transactional_db):
    """A function that starts real worker processes; all are killed at the end of the test."""
    started = []

    def start(name: str = "one", **env: str) -> WorkerProcess:
        started.append(WorkerProcess(name, **env))
        return started[-1]

    yield start
    for process in started:
        process.kill()


@pytest.fixture
def worker(start_worker) -> WorkerProcess:
    """One running worker."""
    return start_worker()
