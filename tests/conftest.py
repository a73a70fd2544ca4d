"""Fixtures for all tests. tests/services.py has started Redis and the database before Django read its settings."""

import pytest

from tests.workers import WorkerProcess


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
