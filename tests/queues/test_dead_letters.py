import datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction

from aiproviders.models import AICall
from queues import clock
from queues.dead_letters import Forecast, cause, forecast, groups, members, retry
from queues.errors import Fail
from queues.failure import settle
from queues.models import Attempt, Job, JobEvent, Queue
from queues.services import enqueue
from queues.states import JobState
from tests.concurrency import while_somebody_locks
from tests.factories import running_job
from tests.queues.ended import dead_letter, ended_job

pytestmark = pytest.mark.django_db
BUSY = {"kind": "engine.write", "error_kind": "rate_limit", "cause": "busy"}


@pytest.fixture
def ada(django_user_model):
    return django_user_model.objects.create(username="ada")


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Rate limit: 60 of 60 used, wait 1.5 s", "Rate limit: # of # used, wait # s"),
        ("No row 0198a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b", "No row <id>"),
        ("No row 0198A1B2C3D47E5F8A9B0C1D2E3F4A5B", "No row <id>"),
        ("at 0xdeadbeef, digest 9f86d081884c7d65", "at <id>, digest <id>"),
        ("request req_011CQxAbCdEfGhIjKl refused", "request <id> refused"),
        ("'title' is missing in \"a b\"", "<value> is missing in <value>"),
        ("It can't, it won't: it's busy", "It can't, it won't: it's busy"),
        ("GET https://api.example/v1/x?key=1 answered 503", "GET <url> answered #"),
        ("550 no mailbox for <ada@example.com>", "# no mailbox for <address>"),
        ("two\n  lines\tand tabs ", "two lines and tabs"),
        ("model gpt-4o-mini is busy", "model gpt-#o-mini is busy"),
        ("a defaced facade", "a defaced facade"),
        ("", ""),
    ],
)
def test_a_cause_is_the_message_without_its_particulars(message, expected):
    assert cause(message) == expected


@pytest.mark.parametrize("message", ["x" * 2000, "'" * 2000, "9 " * 1000, "@" * 2000, "a://" * 500, "a1" * 1000])
def test_a_cause_is_never_longer_than_its_column(message):
    assert len(cause(message)) <= 200


def test_a_job_that_fails_stores_its_cause():
    job = running_job("engine.fail_for_good", {"name": "a"}).job
    settle(job, Fail("No film 42 in 'trending'", kind="gone"))
    job.refresh_from_db()
    assert (job.error_message, job.error_cause) == ("No film 42 in 'trending'", "No film # in <value>")


def test_groups_count_by_kind_and_cause_the_largest_first():
    oldest, _, newest = (dead_letter(hours_ago=hours) for hours in (3, 2, 1))
    dead_letter("bad answer", error_kind="invalid")
    dead_letter(error_kind="quota")
    ended_job(JobState.COMPLETED, error_kind="rate_limit", error_cause="busy")
    busy, *others = groups(Job.objects.all())
    assert (busy.kind, busy.error_kind, busy.cause, busy.count) == (*BUSY.values(), 3)
    assert (busy.first, busy.last, busy.sample) == (oldest.finished_at, newest.finished_at, newest.pk)
    assert {(group.error_kind, group.count) for group in others} == {("invalid", 1), ("quota", 1)}


def test_groups_can_be_of_some_jobs_only():
    dead_letter()
    dead_letter("other", kind="engine.limited")
    assert [group.cause for group in groups(Job.objects.filter(kind="engine.limited"))] == ["other"]


def test_retry_puts_exactly_the_group_back_and_is_noted(ada):
    mine = [dead_letter(attempts_made=3) for _ in range(2)]
    other = dead_letter("bad answer")
    assert retry(**BUSY, by=ada) == 2
    for job in mine:
        job.refresh_from_db()
        assert (job.state, job.attempts_made) == (JobState.WAITING, 0)
    other.refresh_from_db()
    assert other.state == JobState.FAILED
    noted = LogEntry.objects.get()
    assert (noted.user, noted.change_message) == (ada, "Retry of 2 dead letters like this one: busy")


def test_a_dead_letter_whose_key_is_taken_stays(ada):
    taken = dead_letter(dedupe_key="article:1")
    dead_letter()
    enqueue("engine.write", args={"name": "a"}, dedupe_key="article:1")
    assert retry(**BUSY, by=ada) == 1
    taken.refresh_from_db()
    assert taken.state == JobState.FAILED


def completed_in(seconds: float) -> None:
    now = clock.now()
    ended_job(started_at=now - datetime.timedelta(seconds=seconds), finished_at=now)


def test_the_time_that_a_retry_takes_is_unknown_before_any_success():
    dead_letter()
    assert forecast(members(**BUSY)).seconds is None
    assert forecast(Job.objects.none()) == Forecast(0)


@pytest.mark.parametrize(
    ("limits", "seconds"),
    [
        ({"concurrency": 2}, 15),  # 5 jobs in 3 rounds of 5 s
        ({"concurrency": 1}, 25),
        ({"rate_max": 2, "rate_window": 60}, 125),  # the fifth starts in the third window
        ({"rate_max": 5, "rate_window": 60}, 5),
    ],
)
def test_the_time_that_a_retry_takes_follows_the_queues_limits(limits, seconds):
    Queue.objects.update_or_create(pk="default", defaults=limits)
    completed_in(5.0)
    for _ in range(5):
        dead_letter()
    Attempt.objects.update(started_at=clock.now() - datetime.timedelta(hours=1))
    assert forecast(members(**BUSY)).seconds == seconds


def test_those_in_line_go_first():
    Queue.objects.update_or_create(pk="default", defaults={"concurrency": 1})
    completed_in(5.0)
    dead_letter()
    enqueue("engine.write", args={"name": "a"})
    assert forecast(members(**BUSY)).seconds == 10


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_people_who_retry_a_group_at_once_retry_each_job_once(ada):
    for _ in range(20):
        dead_letter()
    barrier, retried = Barrier(2), []

    def press() -> None:
        barrier.wait()
        try:
            retried.append(retry(**BUSY, by=ada))
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sum(retried) == 20
    assert JobEvent.objects.filter(message="Put back in line by hand").count() == 20


def test_what_a_retry_costs_is_the_mean_of_those_that_were_completed(settings):
    for _ in range(3):
        dead_letter()
    assert forecast(members(**BUSY)).cost is None
    for cost in ("0.10", "0.20"):
        AICall.objects.create(job_id=ended_job().pk, provider="a", milliseconds=1, outcome="ok", cost=Decimal(cost))
    assert forecast(members(**BUSY)).cost == Decimal("0.45")
    settings.JOB_COST = ""
    assert forecast(members(**BUSY)) == Forecast(3, seconds=1)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_who_retries_a_group_in_one_transaction_waits_for_nobody_who_waits_for_him(ada):
    """As an API request with a key does."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite locks no rows")
    letters = [Job.objects.filter(pk=dead_letter().pk) for _ in range(3)]
    letters[0].update(priority=4)  # it lies behind the others now, in the table and in its indexes
    assert while_somebody_locks(letters[0], letters[1], lambda: transaction.atomic(retry)(by=ada, **BUSY)) == 3
    assert not members(**BUSY).exists()
