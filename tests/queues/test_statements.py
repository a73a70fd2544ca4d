import pytest
from django.db import transaction

from queues import statements
from queues.clock import Clock
from queues.models import Job, JobEvent, Step
from queues.services import enqueue
from queues.states import JobState

pytestmark = pytest.mark.django_db


def asked(name: str) -> Job:
    return enqueue("engine.write", args={"name": name})


def line(job: Job):
    return statements.insert(JobEvent, job=job.pk, level="info", message="100 % 'done'; --", data={"n": [1, None]})


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


@pytest.mark.database
def test_rows_are_read_as_the_orm_reads_them():
    whole = tuple(field.attname for field in Job._meta.concrete_fields)
    asked("one"), asked("two")
    Job.objects.filter(args__name="two").update(result={"a": [1, None]}, started_at=Clock(), finished_at=Clock())
    sql = f"SELECT {', '.join(whole)} FROM queues_job WHERE state = %s ORDER BY id"
    read = statements.select(Job, sql, ["waiting"], whole)
    stored = list(Job.objects.order_by("id"))
    assert len(read) == 2 and read == stored
    for name in whole:
        assert [getattr(job, name) for job in read] == [getattr(job, name) for job in stored]
    assert not read[0]._state.adding and read[0]._state.db == stored[0]._state.db


@pytest.mark.database
def test_a_column_that_was_not_read_is_read_when_it_is_used(django_assert_num_queries):
    asked("one")
    with django_assert_num_queries(1):
        job = statements.select(Job, "SELECT id, args FROM queues_job", (), ("id", "args"))[0]
        assert job.args == {"name": "one"}
    with django_assert_num_queries(1):
        assert job.kind == "engine.write"
