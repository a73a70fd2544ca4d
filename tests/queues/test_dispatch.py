import base64
import datetime
import json
from threading import Barrier, Event, Thread

import pytest
import redis
from django.conf import settings
from django.db import Error, connection
from django.utils import timezone

from queues import clock, dispatch, kinds, room, turns
from queues.attempts import claim
from queues.dispatch import tick
from queues.models import Attempt, Job, Queue
from queues.room import PACE, SECONDS_TO_CLAIM, UNCLAIMED_PER_WORKER
from queues.services import enqueue
from queues.states import JobState
from tests.factories import make_worker
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
TAKEN_FOR_GRANTED = {"origin", "timelimit", "body_encoding", "delivery_mode", "reply_to"}


def ready_tick() -> float:
    """A tick that has its turn (the very first one only makes the dispatcher's row)."""
    tick()
    return tick()


def on_wire() -> set[str]:
    return set(Job.objects.filter(state=JobState.DISPATCHED).values_list("args__name", flat=True))


def ask(*names: str, kind: str = "engine.write", **options) -> list[Job]:
    return [enqueue(kind, args={"name": name}, **options) for name in names]


def test_a_waiting_job_is_released_with_one_attempt_and_one_message():
    make_worker()
    job = ask("a")[0]
    ready_tick()
    job.refresh_from_db()
    attempt = Attempt.objects.get()
    assert (job.state, job.attempts_started, attempt.number) == (JobState.DISPATCHED, 1, 1)
    broker = redis.Redis.from_url(settings.REDIS_URL)
    messages = [broker.lrange(key, 0, -1) for key in broker.keys("copydesk:default*")]
    assert str(attempt.pk).encode() in b"".join(message for found in messages for message in found)


def test_nothing_is_released_without_a_live_worker():
    make_worker().__class__.objects.update(last_seen=timezone.now() - datetime.timedelta(minutes=1))
    ask("a")
    ready_tick()
    assert on_wire() == set()


def test_never_more_on_the_wire_than_free_slots():
    make_worker(slots=3)
    ask(*"abcde")
    ready_tick()
    ready_tick()
    assert on_wire() == set("abc")


def test_the_most_urgent_goes_first_across_queues():
    make_worker(slots=2)
    ask("later", priority=9)
    ask("soon", kind="engine.limited", priority=2)
    ask("now", priority=1)
    ready_tick()
    assert on_wire() == {"soon", "now"}


def test_equal_priorities_go_in_the_order_they_were_asked_for():
    make_worker(slots=2)
    ask(*"abcd")
    ready_tick()
    assert on_wire() == set("ab")


def test_a_paused_queue_holds_its_jobs_and_costs_the_others_nothing():
    make_worker()
    Queue.objects.update_or_create(name="default", defaults={"paused": True})
    ask("held")
    ask("free", kind="engine.limited")
    ready_tick()
    assert on_wire() == {"free"}


def test_a_pause_with_an_end_ends():
    make_worker()
    past = timezone.now() - datetime.timedelta(seconds=1)
    Queue.objects.update_or_create(name="default", defaults={"paused": True, "paused_until": past})
    ask("a")
    ready_tick()
    assert on_wire() == {"a"}


def test_a_concurrency_limit_counts_what_is_on_the_wire_and_what_runs():
    make_worker()
    Queue.objects.update_or_create(name="default", defaults={"concurrency": 2})
    ask(*"abc")
    ready_tick()
    claim(str(Attempt.objects.order_by("id").first().pk), "w")
    ready_tick()
    assert Job.objects.filter(state=JobState.WAITING).count() == 1


def test_a_rate_limit_counts_unclaimed_and_started_and_says_when_to_look_again():
    make_worker(name="one")
    make_worker(name="two")
    Queue.objects.update_or_create(name="commentary", defaults={"rate_max": 2, "rate_window": 60})
    ask(*"abc", kind="engine.limited")
    ready_tick()
    assert Attempt.objects.count() == 2
    for attempt in Attempt.objects.all():
        claim(str(attempt.pk), "w")
    Attempt.objects.update(finished_at=clock.now())
    assert ready_tick() <= 1
    assert Attempt.objects.count() == 2
    Attempt.objects.update(started_at=clock.now() - datetime.timedelta(seconds=61))
    ready_tick()
    assert Attempt.objects.count() == 3


def test_a_delayed_job_is_released_when_it_is_due_and_the_dispatcher_knows_when():
    make_worker()
    job = ask("a", run_at=timezone.now() + datetime.timedelta(seconds=0.5))[0]
    wait = ready_tick()
    assert 0 < wait <= 0.5 and on_wire() == set()
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    tick()
    assert on_wire() == {"a"}


def test_a_kind_that_no_code_here_knows_holds_up_no_other():
    """A worker may know it: while versions change, the dispatcher may be the older one."""
    make_worker()
    ask("unknown", priority=1)
    Job.objects.update(kind="engine.unknown")
    ask("known")
    ready_tick()
    assert on_wire() == {"unknown", "known"}


def test_a_message_is_what_celery_itself_would_have_sent():
    """Celery adds what a worker takes for granted, such as no ETA, and packs the body into base64."""
    make_worker()
    broker, wire = redis.Redis.from_url(settings.REDIS_URL), "copydesk:default"
    broker.delete(wire)
    job = ask("a")[0]
    ready_tick()
    task_id = str(Attempt.objects.get().pk)
    options = {"queue": job.queue, "priority": job.priority - 1}
    kinds.find(job.kind).apply_async(kwargs=job.args, task_id=task_id, **options)
    theirs, ours = map(json.loads, broker.lrange(wire, 0, -1))
    body = json.loads(base64.b64decode(theirs.pop("body")))
    assert json.loads(ours.pop("body"))[:2] == body[:2] == [[], {"name": "a"}]
    assert body[2].keys() and not any(body[2].values())
    for message in (ours, theirs):
        assert message["properties"].pop("delivery_tag")
    for part in ("headers", "properties"):
        left_out = theirs[part].keys() - ours[part].keys()
        values = {name: theirs[part].pop(name) for name in left_out}
        assert [name for name, value in values.items() if value and name not in TAKEN_FOR_GRANTED] == []
    assert ours == theirs


def test_a_burst_goes_out_in_parts_so_that_an_urgent_newcomer_need_not_wait_for_all_of_it():
    make_worker(slots=1000)
    ask(*(str(number) for number in range(3 * UNCLAIMED_PER_WORKER)))
    assert ready_tick() <= SECONDS_TO_CLAIM
    assert Attempt.objects.count() == UNCLAIMED_PER_WORKER
    assert tick() <= SECONDS_TO_CLAIM
    assert Attempt.objects.count() == UNCLAIMED_PER_WORKER
    urgent = enqueue("engine.write", args={"name": "urgent"}, priority=1)
    for attempt in Attempt.objects.all()[:2]:
        claim(str(attempt.pk), "test")
    tick()
    assert Attempt.objects.count() == UNCLAIMED_PER_WORKER + 2
    assert Job.objects.get(pk=urgent.pk).state == JobState.DISPATCHED


def test_a_queue_that_waits_for_its_limit_is_not_looked_at_all_the_time():
    Queue.objects.update_or_create(name="default", defaults={"rate_max": 2, "rate_window": 60})
    make_worker(name="one")
    make_worker(name="two")
    ask(*"abc")
    ready_tick()
    Attempt.objects.update(dispatched_at=clock.now() - datetime.timedelta(seconds=2 * PACE))
    assert tick() > PACE
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize(("workers", "at_once"), [(1, 2), (3, 3)], ids=["twice its average", "one for each worker"])
def test_a_limited_queue_starts_few_at_once(workers, at_once, monkeypatch):
    """So that others need not wait for its burst. The pace is a minute here, for the test to be slower than it."""
    monkeypatch.setattr(room, "PACE", 60)
    Queue.objects.update_or_create(name="commentary", defaults={"rate_max": 100, "rate_window": 7200})
    for number in range(workers):
        make_worker(name=f"worker {number}")
    ask(*(str(number) for number in range(4 * at_once)), kind="engine.limited")
    for turn in (1, 2, 3):
        ready_tick()
        for attempt in Attempt.objects.filter(started_at=None):
            claim(str(attempt.pk), "test")
        tick()
        assert Attempt.objects.count() == turn * at_once
        Attempt.objects.update(dispatched_at=clock.now() - datetime.timedelta(seconds=61))


def test_a_limited_queue_is_looked_at_again_when_its_pace_allows_more():
    Queue.objects.update_or_create(name="commentary", defaults={"rate_max": 100, "rate_window": 60})
    make_worker()
    ask(*"abc", kind="engine.limited")
    assert ready_tick() <= PACE
    assert Attempt.objects.count() == 1


def test_two_dispatchers_at_once_release_every_job_once():
    for number in range(5):
        make_worker(slots=1000, name=str(number))
    ask(*(str(number) for number in range(30)))
    tick()
    barrier = Barrier(4)

    def dispatch() -> None:
        barrier.wait()
        try:
            tick()
        finally:
            connection.close()

    threads = [Thread(target=dispatch) for _ in range(4)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert Attempt.objects.count() == 30
    assert set(Job.objects.values_list("attempts_started", flat=True)) == {1}


def test_a_dispatcher_that_falls_silent_in_its_turn_loses_it(monkeypatch):
    """It is stopped here; a machine that lost its network looks the same."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is used on one machine")
    monkeypatch.setattr(dispatch, "SILENCE_ALLOWED", "200ms")
    make_worker()
    tick()  # makes the row
    enqueue("engine.write", args={"name": "a"})
    silent, go_on, ends = Event(), Event(), []

    def fall_silent(*args) -> None:
        silent.set()
        go_on.wait(20)

    def turn() -> None:
        try:
            tick()
        except Error as error:
            ends.append(error)
        connection.close()

    monkeypatch.setattr(turns, "age", fall_silent)
    vanished = Thread(target=turn)
    vanished.start()
    silent.wait(20)
    monkeypatch.undo()
    wait_until(lambda: tick() is not None and Attempt.objects.exists())
    go_on.set()
    vanished.join(20)
    assert len(ends) == 1
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize("count", [1, 50])
def test_a_tick_costs_the_same_queries_for_any_backlog(count, django_assert_max_num_queries):
    make_worker(slots=1)
    ask(*(str(number) for number in range(count)))
    tick()
    with django_assert_max_num_queries(28):
        tick()
