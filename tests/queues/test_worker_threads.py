"""The threads of a worker process, looked at without the process."""

import os
import threading
import time
from types import SimpleNamespace

import pytest
import redis
from django.db import OperationalError
from kombu.asynchronous import Hub
from kombu.asynchronous.timer import Timer

from config.celery import app
from queues import leases, worker
from queues.models import Queue, Worker
from queues.states import JobState
from tests.factories import make_worker, running_job
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_heartbeat_goes_on_whatever_it_runs_into(monkeypatch):
    beats = []

    def beat(*args, **kwargs):
        beats.append(args)
        raise ValueError("nobody thought of this")

    def sleep(seconds):
        if len(beats) == 2:
            raise SystemExit

    monkeypatch.setattr(leases, "beat", beat)
    monkeypatch.setattr(worker.time, "sleep", sleep)
    with pytest.raises(SystemExit):
        worker.heartbeat("test", 1)
    assert len(beats) == 2


def test_a_stuck_attempt_whose_end_cannot_be_written_is_tried_again_at_the_next_heartbeat(monkeypatch):
    """Else its thread would take up a slot for ever: nobody would know that this worker has to leave."""
    job, left = running_job("engine.write", {"name": "a"}).job, threading.Event()
    monkeypatch.setattr(worker, "stopping", threading.Event())
    monkeypatch.setattr(worker, "leave_after_grace", lambda status: left.set())
    Queue.objects.update_or_create(name="default", defaults={"timeout": 5})

    def away(job, error):
        raise OperationalError

    with leases.held(str(job.attempts.get().pk), job):
        later = time.monotonic() + 6
        monkeypatch.setattr(leases, "time", SimpleNamespace(monotonic=lambda: later))
        with monkeypatch.context() as patch, pytest.raises(OperationalError):
            patch.setattr(worker, "settle", away)
            worker.abandon(leases.overdue())
        worker.abandon(leases.overdue())
    assert left.wait(20)
    job.refresh_from_db()
    assert (job.state, job.error_kind) == (JobState.DELAYED, "timeout")


def test_a_worker_that_leaves_takes_no_other_with_the_same_pid_along(monkeypatch):
    for node in ("mine", "another"):
        make_worker(name=leases.identity(node))
    Worker.objects.update(pid=os.getpid())  # as in containers, where all have the same
    monkeypatch.setattr(worker, "node", "mine")
    worker.leave()
    assert Worker.objects.get().name == leases.identity("another")


def test_the_main_loop_never_sleeps_long_with_messages_on_the_wire():
    """Its sleep is the time until the next timer: Celery's own are seconds apart."""
    hub, consumer = Hub(timer=Timer()), SimpleNamespace(task_consumer=SimpleNamespace(channel=None))
    assert hub.fire_timers(max_delay=5) >= 1
    assert "queues.worker:Wire" in app.steps["consumer"]
    for _ in range(2):
        hub.timer.clear()  # as Celery does when its connection is lost
        worker.Wire(None).register_with_event_loop(consumer, hub)
        assert 0 < hub.fire_timers(max_delay=5) <= worker.WAKE_SECONDS
    first = hub.timer.queue[0].eta
    wait_until(lambda: hub.fire_timers(max_delay=5) and hub.timer.queue[0].eta > first, 5)
    assert hub.fire_timers(max_delay=5) <= worker.WAKE_SECONDS
    hub.close()


def test_who_stood_still_himself_takes_redis_for_silent_only_when_the_answers_still_do_not_come():
    wire, connection = worker.Wire(None), SimpleNamespace(next_health_check=0.0)
    wire._silent, channel = False, SimpleNamespace(_in_poll=connection)
    wire.listen(channel)
    connection.next_health_check = time.monotonic() + 60  # its answer has been read
    wire.listen(channel)
    connection.next_health_check = 0.0
    wire.listen(channel)
    channel._in_poll = None  # all slots are taken, nothing is asked for
    wire.listen(channel)
    channel._in_poll = connection
    wire.listen(channel)
    with pytest.raises(redis.ConnectionError):
        wire.listen(channel)
