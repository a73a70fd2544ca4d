"""Fixtures for all tests. tests/services.py has started Redis and the database before Django read its settings."""

import pytest

from aiproviders import keys, shared
from tests.workers import WorkerProcess


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
