import contextlib
import datetime
import functools

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from queues.control import cancel
from queues.errors import InvalidJob
from queues.models import Job, JobEvent
from queues.services import enqueue, enqueue_many
from queues.states import JobState
from tests.concurrency import all_at_once

pytestmark = pytest.mark.django_db


def test_enqueue_writes_one_waiting_job_with_its_first_event():
    job = enqueue("engine.write", args={"name": "a"}, priority=3)
    assert (job.queue, job.state, job.priority, job.args) == ("default", "waiting", 3, {"name": "a"})
    assert [event.message for event in job.events.all()] == ["Waiting in line"]


@pytest.mark.django_db(transaction=True)
def test_a_roll_back_leaves_no_job():
    with pytest.raises(RuntimeError), transaction.atomic():
        enqueue("engine.write", args={"name": "a"})
        raise RuntimeError
    assert Job.objects.count() == 0


def test_the_same_dedupe_key_returns_the_open_job():
    first = enqueue("engine.write", args={"name": "a"}, dedupe_key="k")
    assert enqueue("engine.write", args={"name": "b"}, dedupe_key="k") == first
    assert Job.objects.count() == 1


def test_a_finished_job_frees_its_dedupe_key():
    first = enqueue("engine.write", args={"name": "a"}, dedupe_key="k")
    cancel(first)
    assert enqueue("engine.write", args={"name": "b"}, dedupe_key="k") != first


def test_a_subject_is_remembered_for_links(django_user_model):
    user = django_user_model.objects.create(username="ada")
    job = enqueue("engine.write", args={"name": "a"}, subject=user)
    assert (job.subject_type, job.subject_id, job.subject_label) == ("auth.user", str(user.pk), "ada")
    named = enqueue("engine.write", args={"name": "b"}, subject=user, label="Letter B")
    assert (named.subject_id, named.subject_label) == (str(user.pk), "Letter B")
    assert list(Job.objects.for_subject(user)) == [named, job]


def test_a_future_run_at_makes_it_delayed():
    job = enqueue("engine.write", args={"name": "a"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    assert job.state == JobState.DELAYED


NESTED = functools.reduce(lambda inner, _: [inner], range(100_000), [])


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("kind", {"kind": "no.such.kind"}),
        ("kind", {"kind": "celery.backend_cleanup"}),
        ("args", {"args": {"name": object()}}),
        ("args", {"args": {"name": float("nan")}}),
        ("args", {"args": ["a"]}),
        ("args", {"args": {"name": "x" * 9000}}),
        ("args", {"args": {"name": "NUL \0"}}),
        ("args", {"args": {"\0": "NUL"}}),
        ("args", {"args": {"name": "half \ud83d of a pair"}}),
        ("args", {"args": {"name": 10**5000}}),
        ("args", {"args": {"name": NESTED}}),
        ("args", {"args": {1: "a"}}),
        ("priority", {"priority": 11}),
        ("priority", {"priority": 0}),
        ("priority", {"priority": "high"}),
        ("priority", {"priority": True}),
        ("dedupe_key", {"dedupe_key": "k" * 10_000}),
        ("dedupe_key", {"dedupe_key": "NUL \0"}),
        ("dedupe_key", {"dedupe_key": "half \ud83d of a pair"}),
        ("dedupe_key", {"dedupe_key": 5}),
        ("dedupe_key", {"dedupe_key": None}),
        ("run_at", {"run_at": datetime.datetime(9999, 1, 1, tzinfo=datetime.UTC)}),
        ("run_at", {"run_at": datetime.datetime(2026, 11, 22)}),
        ("run_at", {"run_at": "tomorrow"}),
    ],
)
def test_bad_input_is_refused_with_the_field_named_and_nothing_stored(field, wrong):
    given = {"kind": "engine.write", "args": {"name": "a"}} | wrong
    with pytest.raises(InvalidJob, match=f"^{field}: ") as caught:
        enqueue(given.pop("kind"), **given)
    assert caught.value.field == field
    assert Job.objects.count() == JobEvent.objects.count() == 0


@pytest.mark.parametrize("count", [1, 50])
def test_enqueue_costs_the_same_queries_however_many_wait(count, django_assert_num_queries):
    for number in range(count):
        enqueue("engine.write", args={"name": str(number)})
    # queue with turn, job, event; PostgreSQL writes job and event with one
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 3):
        enqueue("engine.write", args={"name": "last"})


def test_enqueue_many_writes_all_in_order_with_their_first_events(django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        jobs = enqueue_many("engine.write", [{"name": str(number)} for number in range(100)], priority=2)
    assert [job.turn for job in jobs] == list(range(100))
    stored = Job.objects.order_by("turn").values_list("args__name", flat=True)
    assert [int(name) for name in stored] == list(range(100))
    assert JobEvent.objects.count() == 100
    assert enqueue_many("engine.write", []) == []


def test_enqueue_many_stores_nothing_when_one_is_wrong():
    with pytest.raises(InvalidJob, match="^args: "):
        enqueue_many("engine.write", [{"name": "a"}, {"name": object()}])
    assert Job.objects.count() == JobEvent.objects.count() == 0


def test_many_may_have_subjects_and_keys_and_an_open_job_is_returned_in_its_place(django_user_model):
    users = [django_user_model.objects.create(username=name) for name in ("ada", "bea", "cyd")]
    names, keys = [{"name": user.username} for user in users], ["k1", "k2", "k3"]
    known = enqueue("engine.write", args={"name": "before"}, dedupe_key="k2")
    cancel(enqueue("engine.write", args={"name": "over"}, dedupe_key="k3"))
    jobs = enqueue_many("engine.write", names, subjects=users, dedupe_keys=keys)
    assert [job.dedupe_key for job in jobs] == keys and jobs[1] == known
    assert enqueue_many("engine.write", names, subjects=users, dedupe_keys=keys) == jobs
    assert Job.objects.count() == JobEvent.objects.filter(message="Waiting in line").count() == 4
    assert [job.subject_label for job in jobs] == ["ada", "", "cyd"]
    assert list(Job.objects.for_subject(users[2])) == [jobs[2]]
    assert Job.objects.get(pk=jobs[0].pk).args == {"name": "ada"}


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_who_asks_for_the_same_key_at_once_gets_the_same_job():
    for turn in range(5):
        asked = all_at_once([lambda turn=turn: enqueue("engine.write", args={"name": "a"}, dedupe_key=f"k{turn}")] * 8)
        assert set(asked) == {Job.objects.get(dedupe_key=f"k{turn}")}
        assert JobEvent.objects.count() == turn + 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_who_asks_for_the_same_many_at_once_gets_the_same_jobs_or_stores_nothing():
    names, keys = [{"name": name} for name in "abc"], ["k1", "k2", "k3"]

    def ask() -> list[Job]:
        with contextlib.suppress(IntegrityError):
            return enqueue_many("engine.write", names, dedupe_keys=keys)
        return []

    for turn in range(1, 6):
        asked = [jobs for jobs in all_at_once([ask] * 8) if jobs]
        assert asked and all(jobs == asked[0] for jobs in asked)
        assert Job.objects.count() == JobEvent.objects.count() == 3 * turn
        Job.objects.update(state=JobState.COMPLETED)
