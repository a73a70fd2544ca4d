"""Dispatching while messages cannot be sent."""

import pytest

from queues import bell, dispatch
from queues.dispatch import tick
from queues.models import Attempt, Job
from queues.room import UNCLAIMED_PER_WORKER
from queues.services import enqueue
from queues.states import JobState
from tests.factories import make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def ask(*names: str) -> list[Job]:
    make_worker(slots=1000)
    return [enqueue("engine.write", args={"name": name}) for name in names]


def ready_tick() -> float:
    """A tick that has its turn (the very first one only makes the dispatcher's row)."""
    tick()
    return tick()


@pytest.fixture
def broker_away(settings, monkeypatch):
    """Redis is looked for at a port where nobody listens, until the fixture's value is called."""
    there, settings.REDIS_URL = settings.REDIS_URL, "redis://127.0.0.1:1/0"
    bell.client.cache_clear()
    monkeypatch.setattr(dispatch, "_sent", True)

    def back() -> None:
        settings.REDIS_URL = there
        bell.client.cache_clear()

    yield back
    back()


def test_what_cannot_be_sent_goes_back_in_line(broker_away):
    job = ask("a")[0]
    ready_tick()
    job.refresh_from_db()
    assert (job.state, job.attempts_started) == (JobState.WAITING, 1)
    assert Attempt.objects.get().outcome == "lost"
    broker_away()
    tick()
    job.refresh_from_db()
    assert (job.state, job.attempts_started) == (JobState.DISPATCHED, 2)


def test_a_broker_that_is_away_is_tried_once_a_second_and_not_at_every_failure(broker_away, monkeypatch):
    """Each try writes an attempt for every job that it could not send."""
    rings = []
    ask(*map(str, range(2 * UNCLAIMED_PER_WORKER)))
    monkeypatch.setattr(bell, "ring", lambda: rings.append(1))
    assert ready_tick() == dispatch.IDLE_SECONDS
    assert not rings


def test_while_redis_is_away_nothing_is_tried_that_would_be_written_down_each_time(broker_away):
    job = ask("a")[0]
    assert ready_tick() == dispatch.IDLE_SECONDS
    tried = Attempt.objects.count()
    assert [tick() for _ in range(5)] == [dispatch.IDLE_SECONDS] * 5
    assert Attempt.objects.count() == tried > 0
    broker_away()
    tick()
    job.refresh_from_db()
    assert job.state == JobState.DISPATCHED
