from threading import Event, Thread

import pytest
from django.db import connection, transaction

from queues.control import cancel
from queues.dispatch import tick
from queues.models import Attempt, Job
from queues.services import enqueue
from queues.states import JobState
from tests.factories import make_worker
from tests.processes import wait_until

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


def test_who_cancels_while_the_dispatcher_releases_the_job_closes_its_new_attempt():
    """Its statement began before the attempt was there, and ended after it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nobody waits in the middle of a statement")
    make_worker()
    tick()  # writes the dispatcher's row
    job = enqueue("engine.write", args={"name": "x"})
    released, go_on = Event(), Event()

    def dispatch() -> None:
        with transaction.atomic():
            tick()
            released.set()
            go_on.wait(20)
        connection.close()

    def cancel_it() -> None:
        cancel(job)
        connection.close()

    dispatching, cancelling = Thread(target=dispatch), Thread(target=cancel_it)
    dispatching.start()
    released.wait(20)
    cancelling.start()
    wait_until(somebody_waits_for_a_lock)
    go_on.set()
    dispatching.join(20), cancelling.join(20)
    assert Job.objects.get().state == JobState.CANCELLED
    assert [attempt.outcome for attempt in Attempt.objects.exclude(finished_at=None)] == ["cancelled"]
    assert not Attempt.objects.filter(finished_at=None).exists()
