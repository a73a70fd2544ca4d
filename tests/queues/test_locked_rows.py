"""Rows that somebody holds locked, for a moment or because the machine vanished. Only PostgreSQL locks rows."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from queues import clock
from queues.control import cancel
from queues.dispatch import tick
from queues.ledger import put_back
from queues.models import Job, Queue
from queues.services import enqueue
from queues.states import JobState
from tests.factories import make_worker, running_job
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def postgresql(transactional_db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")


@contextmanager
def uncommitted(change) -> Iterator[Event]:
    """`change()` has happened in a transaction that goes on until the block ends or the event is set."""
    changed, go_on = Event(), Event()

    def run() -> None:
        with transaction.atomic():
            change()
            changed.set()
            go_on.wait(20)
        connection.close()

    other = Thread(target=run)
    other.start()
    try:
        assert changed.wait(20)
        yield go_on
    finally:
        go_on.set()
        other.join()


def a_delayed_one() -> Job:
    return enqueue("engine.write", args={"name": "held"}, run_at=clock.now() - MINUTE)


def one_that_ages() -> Job:
    Queue.objects.update_or_create(name="commentary", defaults={"ageing": 10, "paused": True})
    job = enqueue("engine.limited", args={"name": "held"})
    Job.objects.update(ages_at=clock.now() - MINUTE)
    return job


@pytest.mark.parametrize("make", [a_delayed_one, one_that_ages])
def test_a_job_that_somebody_holds_locked_holds_up_no_other(make):
    tick()  # makes the dispatcher's row
    make_worker()
    held, other = make(), enqueue("engine.write", args={"name": "other"})
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
    try:
        with uncommitted(lambda: cancel(held)):
            tick()
    finally:
        connection.close()
    states = {job.pk: job.state for job in Job.objects.all()}
    assert states == {held.pk: JobState.CANCELLED, other.pk: JobState.DISPATCHED}


def test_a_cancel_that_meets_a_running_job_on_its_way_back_into_line_cancels_it():
    job = running_job("engine.write", {"name": "a"}).job

    def somebody_waits() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
            return cursor.fetchone()[0]

    def let_go_when_we_wait() -> None:
        wait_until(somebody_waits)
        go_on.set()
        connection.close()

    with uncommitted(lambda: put_back(job, JobState.ACTIVE, "lost")) as go_on:
        watcher = Thread(target=let_go_when_we_wait)
        watcher.start()
        assert cancel(job)
        watcher.join()
    assert Job.objects.get().state == JobState.CANCELLED
