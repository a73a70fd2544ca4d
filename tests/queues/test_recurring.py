import datetime

import pytest
from django.core.checks import run_checks

from queues import clock, recurring
from queues.models import Job, RecurringJob
from queues.recurring import enqueue_due, latest_slot
from queues.states import JobState
from tests.queues.test_prune import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]
WRITE = {"kind": "engine.write", "args": {"name": "a"}}
NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)  # a Sunday
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def at(monkeypatch):
    """A function that sets the database's clock."""
    return lambda moment: monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.fixture
def hourly(settings, at):
    """One hourly job that was last due at eleven; it is noon."""
    settings.RECURRING_JOBS = {"count": WRITE | {"every": 3600}}
    RecurringJob.objects.create(name="count", slot=NOON - 60 * MINUTE)
    at(NOON)


@pytest.mark.parametrize(
    ("schedule", "now", "slot"),
    [
        ({"every": 900}, NOON + 14.9 * MINUTE, NOON),
        ({"every": 900}, NOON + 15 * MINUTE, NOON + 15 * MINUTE),
        ({"crontab": "*/5 * * * *"}, NOON + 9 * MINUTE, NOON + 5 * MINUTE),
        ({"crontab": "30 3 * * *"}, NOON, NOON.replace(hour=3, minute=30)),
        ({"crontab": "0 12 * * *"}, NOON, NOON),
        ({"crontab": "1 12 * * *"}, NOON, NOON.replace(day=21, minute=1)),
        ({"crontab": "0 9 * * mon"}, NOON, NOON.replace(day=16, hour=9)),
        ({"crontab": "0 0 29 2 *"}, NOON, datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC)),
    ],
)
def test_a_slot_is_the_last_moment_that_was_due(schedule, now, slot):
    assert latest_slot(schedule, now) == slot


def test_a_slot_becomes_one_job_even_when_that_has_long_ended(hourly):
    assert enqueue_due() == ["count"]
    job = Job.objects.get()
    assert (job.kind, job.args, job.dedupe_key) == (
        "engine.write",
        {"name": "a"},
        "recurring:count:2026-11-22T12:00:00Z",
    )
    Job.objects.update(state=JobState.COMPLETED)
    assert enqueue_due() == []
    assert Job.objects.count() == 1


def test_the_next_slot_becomes_the_next_job(hourly, at):
    enqueue_due()
    at(NOON + 60 * MINUTE)
    assert enqueue_due() == ["count"]
    assert Job.objects.count() == 2


def test_what_came_due_while_no_beat_ran_is_made_up_once(hourly, at):
    at(NOON + 60 * 50 * MINUTE)
    assert (enqueue_due(), enqueue_due()) == (["count"], [])
    assert Job.objects.get().dedupe_key.endswith("2026-11-24T14:00:00Z")


def test_a_clock_that_goes_back_repeats_no_slot(hourly, at):
    enqueue_due()
    at(NOON - 120 * MINUTE)
    assert enqueue_due() == []
    at(NOON + MINUTE)
    assert enqueue_due() == []


def test_a_new_name_starts_at_its_next_slot(settings, at):
    settings.RECURRING_JOBS = {"nightly": WRITE | {"crontab": "0 3 * * *"}}
    at(NOON)
    assert (enqueue_due(), enqueue_due()) == ([], [])
    at(NOON.replace(day=23, hour=3))
    assert enqueue_due() == ["nightly"]


def test_a_job_that_cannot_be_asked_for_leaves_its_slot_untaken(hourly, monkeypatch):
    def broken(*args, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(recurring.services, "enqueue", broken)
    with pytest.raises(ZeroDivisionError):
        enqueue_due()
    assert RecurringJob.objects.get().slot == NOON - 60 * MINUTE


@pytest.mark.django_db(transaction=True)
def test_beats_that_race_ask_once_per_slot(settings, at):
    settings.RECURRING_JOBS = {f"job{number}": WRITE | {"every": 60} for number in range(5)}
    at(NOON)
    assert together(enqueue_due, enqueue_due, enqueue_due) == [[], [], []]
    for turn in range(1, 6):
        at(NOON + turn * MINUTE)
        asked = together(enqueue_due, enqueue_due, enqueue_due)
        assert sorted(name for names in asked for name in names) == sorted(settings.RECURRING_JOBS)
        Job.objects.update(state=JobState.COMPLETED)
    assert Job.objects.count() == 25
    assert Job.objects.values("dedupe_key").distinct().count() == 25


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"every": 60}, "must be a dict with 'kind'"),
        ("engine.write", "must be a dict"),
        (WRITE | {"every": 60, "hourly": True}, "must be a dict"),
        (WRITE, "needs either 'every' or 'crontab'"),
        (WRITE | {"every": 60, "crontab": "* * * * *"}, "needs either"),
        (WRITE | {"every": 59}, "at least 60, not 59"),
        (WRITE | {"every": True}, "not True"),
        (WRITE | {"every": 90.5}, "not 90.5"),
        (WRITE | {"crontab": "61 * * * *"}, "is not five fields that name a moment"),
        (WRITE | {"crontab": "often"}, "is not five fields"),
        (WRITE | {"crontab": "0 0 30 2 *"}, "there is no such day"),
        (WRITE | {"crontab": None}, "is not five fields"),
        (WRITE | {"every": 60, "kind": "engine.unheard"}, "kind: no job is called 'engine.unheard'"),
        (WRITE | {"every": 60, "priority": 11}, "priority: "),
        (WRITE | {"every": 60, "args": {"name": {1, 2}}}, "args: must be JSON"),
        (WRITE | {"every": 60, "args": {}}, "missing a required argument: 'name'"),
        (WRITE | {"every": 60, "args": {"name": "a", "nmae": 1}}, "unexpected keyword argument 'nmae'"),
    ],
)
def test_an_entry_that_cannot_work_is_named_at_start_up(settings, entry, said):
    settings.RECURRING_JOBS = {"good": WRITE | {"every": 60}, "my entry": entry}
    (error,) = [error for error in run_checks() if error.id == "queues.E001"]
    assert error.msg.startswith("RECURRING_JOBS['my entry']: ")
    assert said in error.msg


def test_a_name_that_does_not_fit_is_refused(settings):
    settings.RECURRING_JOBS = {"x" * 101: WRITE | {"every": 60}}
    assert [error.id for error in run_checks()] == ["queues.E001"]


def test_our_own_entries_are_in_order():
    assert [error for error in run_checks() if error.id == "queues.E001"] == []
