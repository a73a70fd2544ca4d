"""A group of dead letters too large for a request is put back by a job of its own."""

import pytest

from queues import control
from queues.dead_letters import AT_ONCE, members, retry, retry_large
from queues.errors import Cancelled
from queues.models import Job
from queues.running import RunningJob
from queues.services import enqueue
from queues.states import JobState
from tests.factories import claimed
from tests.processes import wait_until
from tests.queues.ended import dead_letter

pytestmark = [pytest.mark.django_db, pytest.mark.database]
BUSY = {"kind": "engine.write", "error_kind": "rate_limit", "cause": "busy"}


def many(count: int, **columns) -> list[Job]:
    """Dead letters that failed a while ago."""
    return [dead_letter(hours_ago=1, args={"name": "a"}, **columns) for _ in range(count)]


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create(username="ada")


def asked(ada) -> RunningJob:
    job = retry(**BUSY, by=ada)
    assert isinstance(job, Job)
    return RunningJob(claimed(job))


def waiting() -> int:
    return Job.objects.filter(kind="engine.write", state=JobState.WAITING).count()


def test_asking_only_asks_and_twice_is_once(ada):
    many(AT_ONCE + 1)
    first, second = retry(**BUSY, by=ada), retry(**BUSY, by=ada)
    assert first == second
    assert (first.args, first.owner, first.subject_type) == ({}, ada, "queues.job")
    assert waiting() == 0


def test_all_go_back_and_the_progress_says_how_many(ada):
    many(AT_ONCE + 50)
    other = dead_letter("bad answer", hours_ago=1)
    running = asked(ada)
    assert retry_large(running) == AT_ONCE + 50
    job = Job.objects.get(pk=running.id)
    assert (job.progress, job.total, job.stage) == (AT_ONCE + 50, AT_ONCE + 50, "retrying")
    assert not members(**BUSY).exists()
    other.refresh_from_db()
    assert other.state == JobState.FAILED


def test_what_fails_again_meanwhile_and_what_has_its_key_taken_stays(ada):
    many(AT_ONCE)
    taken = dead_letter(hours_ago=1, dedupe_key="article:1")
    running = asked(ada)
    enqueue("engine.write", args={"name": "a"}, dedupe_key="article:1")
    late = dead_letter(hours_ago=-1)
    assert retry_large(running) == AT_ONCE
    assert set(members(**BUSY).values_list("pk", flat=True)) == {taken.pk, late.pk}


def test_cancelling_stops_it_after_the_chunk_and_leaves_the_rest(ada, monkeypatch):
    many(AT_ONCE * 2 + 1)
    running, retried = asked(ada), control.retry

    def retry_and_cancel(job: Job) -> bool:
        control.cancel(running.job)
        return retried(job)

    monkeypatch.setattr(control, "retry", retry_and_cancel)
    with pytest.raises(Cancelled):
        retry_large(running)
    assert waiting() == AT_ONCE


def test_a_second_attempt_goes_on_where_the_first_was_lost(ada):
    jobs = many(AT_ONCE + 1)
    running = asked(ada)
    for job in jobs[:40]:
        control.retry(job)
    assert retry_large(running) == AT_ONCE + 1 - 40
    assert waiting() == AT_ONCE + 1


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_retries_them_and_does_them(worker, ada):
    many(AT_ONCE + 1)
    job = retry(**BUSY, by=ada)
    wait_until(lambda: Job.objects.get(pk=job.pk).state == JobState.COMPLETED)
    assert Job.objects.get(pk=job.pk).result == {"retried": AT_ONCE + 1}
    wait_until(lambda: Job.objects.filter(kind="engine.write", state=JobState.COMPLETED).count() == AT_ONCE + 1)
