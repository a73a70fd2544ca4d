"""When the streams are told, and what it costs the job when they cannot be."""

import contextlib
import json

import pytest
from django.db import transaction

from queues import bell, control, topics
from queues.models import JobEvent
from queues.services import enqueue, enqueue_many
from tests.factories import running_job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running():
    return running_job("engine.write", {"name": "a"})


@pytest.fixture
def announced():
    """A function that takes the next announcement off the wire: its topics and its message."""
    with bell.client().pubsub(ignore_subscribe_messages=True) as wire:
        wire.subscribe(topics.CHANNEL)
        wire.get_message(timeout=5)

        def take() -> tuple[list[str], dict]:
            concerned, _, message = wire.get_message(timeout=5)["data"].decode().partition("\n")
            return concerned.split(), json.loads(message)

        yield take


def test_what_is_rolled_back_is_not_announced(running, announced):
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        running.log("Never happened.")
        raise ZeroDivisionError
    running.log("Happened.")
    event = running.job.events.get(message="Happened.")
    assert announced()[1]["event"] == event.pk


def test_what_is_committed_is_announced_afterwards_to_all_whom_it_concerns(running, announced, django_user_model):
    child = running_job(
        "engine.write", {"name": "b"}, parent=running.job, subject=django_user_model.objects.create(username="ada")
    )
    for _ in ("waiting", "active"):
        concerned, message = announced()
    subject = f"auth.user:{child.job.subject_id}"
    assert concerned == [f"job:{child.id}", subject, f"job:{running.id}", "queue:default"]
    assert (message["job"], message["subject"]) == (str(child.id), subject)


def test_what_a_running_job_says_moves_no_line(running, announced):
    running.progress(1, 2, "writing")
    assert announced()[0] == [f"job:{running.id}"]
    running.log("Half of it.")
    assert announced()[0] == [f"job:{running.id}"]


def test_a_new_priority_and_a_wish_to_stop_are_announced_and_kept_in_the_history(running, announced):
    waiting = enqueue("engine.write", args={"name": "b"})
    announced()
    assert control.change_priority(waiting, 2)
    concerned, message = announced()
    assert concerned == [f"job:{waiting.pk}", "queue:default"]
    assert JobEvent.objects.get(pk=message["event"]).message == "Priority is now 2"
    assert control.cancel(running.job)
    concerned, message = announced()
    assert concerned == [f"job:{running.id}"]
    assert JobEvent.objects.get(pk=message["event"]).message == "Asked to stop"


def test_what_changed_nothing_is_not_announced(running, announced):
    assert not control.change_priority(running.job, 2)
    running.log("The next thing said.")
    assert announced()[1]["event"] == running.job.events.last().pk
    assert running.job.events.last().message == "The next thing said."


def test_a_batch_is_announced_once_to_its_line_and_its_parent(running, announced):
    enqueue_many("engine.write", [{"name": str(number)} for number in range(50)], parent=running.job)
    assert announced() == (["queue:default", f"job:{running.id}"], {"type": "changed"})
    control.pause("blog", by="ada", reason="quiet")
    assert announced() == (["queue:blog"], {"type": "changed"})
    control.resume("blog")
    assert announced() == (["queue:blog"], {"type": "changed"})


def test_each_of_many_jobs_is_announced_to_who_watches_its_subject(announced, django_user_model):
    ada, bea = (django_user_model.objects.create(username=name) for name in ("ada", "bea"))
    jobs = enqueue_many("engine.write", [{"name": "a"}, {"name": "b"}], subjects=[ada, bea])
    for job, user in zip(jobs, (ada, bea), strict=True):
        assert announced()[0] == [f"job:{job.pk}", f"auth.user:{user.pk}", "queue:default"]


def test_a_redis_that_hangs_holds_up_a_jobs_log_once_and_not_at_every_line(running, mute_redis):
    for number in range(5):
        running.log(f"Line {number}.")
    assert mute_redis.callers() == 1
    assert running.job.events.filter(message__startswith="Line").count() == 5


def test_a_redis_that_is_away_changes_nothing_for_the_job(running, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    bell.client.cache_clear()
    running.log("Kept.")
    assert running.job.events.filter(message="Kept.").exists()
    bell.client.cache_clear()
