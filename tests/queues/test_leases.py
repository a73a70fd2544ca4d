import datetime
import time
from contextlib import ExitStack
from threading import Event, Thread
from types import SimpleNamespace

import pytest
from django.db import connection

from queues import clock, leases
from queues.models import Job, Queue
from queues.services import enqueue
from tests.concurrency import waiting, while_somebody_locks
from tests.factories import running_job
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.parametrize(("timeout", "overdue"), [(5, 1), (7, 0), (0, 0)])
def test_an_attempt_is_overdue_when_its_queue_has_a_limit_and_that_is_over(timeout, overdue, monkeypatch):
    """0 is no limit, as beside it: a worker that takes all attempts for stuck would restart for ever."""
    Queue.objects.update_or_create(name="default", defaults={"timeout": timeout})
    job = running_job("engine.write", {"name": "a"}).job
    with leases.held("its attempt", job):
        later = time.monotonic() + 6
        monkeypatch.setattr(leases, "time", SimpleNamespace(monotonic=lambda: later))
        assert len(leases.overdue()) == overdue


def test_a_heartbeat_that_waits_for_a_parents_row_gives_it_no_lease_again():
    """Else the lease of a job that nobody runs would end, and the parent would ask for its children once more."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nobody waits in the middle of a statement")
    parent = running_job("engine.batch", {"name": "b", "count": 1})
    began, go_on = Event(), Event()

    def hand_over() -> None:
        with parent.handing_over():
            enqueue("engine.write", args={"name": "child"}, parent=parent.job)
            began.set()
            go_on.wait(20)
        connection.close()

    def beat() -> None:
        with leases.held(str(parent.job.attempts.get().pk), parent.job):
            leases.beat("test", 1)
        connection.close()

    threads = [Thread(target=hand_over), Thread(target=beat)]
    threads[0].start()
    began.wait(20)
    threads[1].start()
    wait_until(waiting)
    go_on.set()
    for thread in threads:
        thread.join(20)
    assert Job.objects.get(pk=parent.id).lease_until is None


def test_a_heartbeat_waits_for_nobody_who_waits_for_it():
    """A batch that is cancelled locks its children by their ids; PostgreSQL may find leases by when they run out."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    jobs = [running_job("engine.write", {"name": name}).job for name in ("a", "b", "c")]
    first, second, _ = (Job.objects.filter(pk=job.pk) for job in jobs)
    first.update(lease_until=clock.now() + datetime.timedelta(minutes=1))
    held = ExitStack()
    for job in jobs:
        held.enter_context(leases.held(str(job.attempts.get().pk), job))
    with held:
        while_somebody_locks(first, second, lambda: leases.beat("test", 3))
    assert len(set(Job.objects.values_list("lease_until", flat=True))) == 1
