import pytest
from django.db import transaction

from queues import statements
from queues.clock import Clock
from queues.models import Attempt, Job, JobEvent, Step, Worker
from queues.services import enqueue
from queues.states import JobState
from tests.factories import make_worker, running_job

pytestmark = pytest.mark.django_db


def asked(name: str) -> Job:
    return enqueue("engine.write", args={"name": name})


def line(job: Job):
    return statements.insert(JobEvent, job=job.pk, level="info", message="100 % 'done'; --", data={"n": [1, None]})


@pytest.mark.database
def test_objects_are_those_of_the_orm():
    job = running_job("engine.write", {"name": "é", "n": [1, None]}).job
    Job.objects.filter(pk=job.pk).update(result={"a": 1.5}, finished_at=Clock())
    make_worker(slots=5)
    for model in (Job, Attempt, Worker):
        (row,), (found,) = model.objects.all(), statements.select(model, "WHERE 1 = 1")
        names = [field.attname for field in model._meta.concrete_fields]
        assert [getattr(found, name) for name in names] == [getattr(row, name) for name in names]
        assert type(found) is model and found == row and not found._state.adding


@pytest.mark.database
def test_objects_are_found_by_their_columns_and_may_carry_more():
    one, two = asked("one"), asked("two")
    Job.objects.filter(pk=two.pk).update(dispatched_at=Clock())
    assert statements.find(Job, id=str(one.pk)) == [one]
    assert statements.find(Job, id=(one.pk, two.pk), dispatched_at=None) == [one]
    assert statements.find(Job, kind="no such kind") == []
    first, second = statements.select(Job, "WHERE kind = %s ORDER BY id", [one.kind], twice="priority * 2")
    assert [(first.pk, first.twice), (second.pk, second.twice)] == [(one.pk, 10), (two.pk, 10)]


def test_update_changes_only_the_rows_that_fit():
    one, two = asked("one"), asked("two")
    where = {"id": one.pk, "state": ("waiting", "active"), "finished_at": None}
    assert statements.run(statements.update(Job, where, stage="x", result={"a": "%s"}, finished_at=Clock())) == 1
    one.refresh_from_db(), two.refresh_from_db()
    assert (one.stage, one.result, one.finished_at is not None) == ("x", {"a": "%s"}, True)
    assert (two.stage, two.result, two.finished_at) == ("", None, None)
    assert statements.run(statements.update(Job, where, stage="y")) == 0


def test_what_follows_runs_only_if_the_first_changed_a_row():
    job = asked("one")
    JobEvent.objects.all().delete()
    move = {"stage": "moved"}
    with transaction.atomic():
        assert statements.run_if(statements.update(Job, {"id": job.pk, "state": "active"}, **move), line(job)) is None
    assert not JobEvent.objects.exists()
    with transaction.atomic():
        event = statements.run_if(
            statements.update(Job, {"id": job.pk, "state": "waiting"}, **move),
            statements.insert(Step, job=job.pk, name="step", result=None),
            line(job),
        )
    written = JobEvent.objects.get()
    assert (written.pk, written.message, written.data) == (event, "100 % 'done'; --", {"n": [1, None]})
    assert job.steps.get().name == "step"
    assert Job.objects.get(pk=job.pk).stage == "moved"


def test_a_new_row_is_what_the_orm_would_have_written():
    mine, its = (Job(kind="engine.write", queue="engine", args={"name": "ü"}, dedupe_key=key) for key in "ab")
    statements.save_new(mine, line(mine))
    its.save()
    assert Job.objects.get(pk=mine.pk).state == mine.state == JobState.WAITING
    for field in Job._meta.concrete_fields:
        if field.name not in ("id", "dedupe_key", "run_at", "created_at"):
            assert getattr(Job.objects.get(pk=mine.pk), field.attname) == getattr(its, field.attname), field.name
    assert mine.run_at == Job.objects.get(pk=mine.pk).run_at
    mine.stage = "saved again"
    mine.save()
    assert Job.objects.count() == 2


def test_a_clock_may_be_ahead():
    job = asked("one")
    now = Clock()
    statements.run(statements.update(Job, {"id": job.pk}, started_at=now, lease_until=Clock(after=20)))
    job.refresh_from_db()
    assert 19 <= (job.lease_until - job.started_at).total_seconds() <= 21
