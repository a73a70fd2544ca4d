import datetime

import pytest
from celery.exceptions import Ignore
from django.db import OperationalError, connection, transaction

from queues import clock
from queues.attempts import claim, run_attempt
from queues.control import cancel
from queues.errors import Fail, Superseded
from queues.kinds import find
from queues.models import Attempt, Job
from queues.rescue import put_back_lost
from queues.services import enqueue
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import dispatched

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def deliver(attempt: Attempt) -> dict:
    """What Celery does with the message of this attempt."""
    job = attempt.job
    return run_attempt(find(job.kind).function, attempt_id=str(attempt.pk), args=job.args, worker="test")


def asked(kind: str = "engine.write", **args) -> Attempt:
    return dispatched(enqueue(kind, args={"name": "a"} | args))


def test_a_delivery_runs_the_job_and_completes_it_with_its_effect():
    attempt = asked()
    assert deliver(attempt)["outcome"] == "completed"
    job = Job.objects.get()
    attempt.refresh_from_db()
    assert (job.state, job.result, attempt.outcome) == (JobState.COMPLETED, {"name": "a"}, "completed")
    assert job.started_at and job.finished_at and job.lease_until is None
    assert Effect.objects.count() == 1


def test_a_second_delivery_of_the_same_attempt_does_nothing():
    attempt = asked()
    deliver(attempt)
    with pytest.raises(Ignore):
        deliver(attempt)
    assert Effect.objects.count() == 1


def test_a_claim_is_one_look_and_one_change(django_assert_num_queries):
    attempt = asked()
    statements = 2 if connection.vendor == "postgresql" else 6  # BEGIN, job, attempt, history and COMMIT
    with django_assert_num_queries(statements):
        assert claim(str(attempt.pk), "w")
    assert attempt.job.events.filter(message="Started, attempt 1").count() == 1


def test_an_old_number_cannot_claim():
    attempt = asked()
    Job.objects.update(attempts_started=2)
    assert claim(str(attempt.pk), "w") is None
    assert Job.objects.get().state == JobState.DISPATCHED


def test_a_cancelled_job_cannot_be_claimed():
    attempt = asked()
    cancel(attempt.job)
    assert claim(str(attempt.pk), "w") is None


def test_an_unknown_attempt_is_dropped():
    assert claim("00000000-0000-7000-8000-000000000000", "w") is None


def test_an_error_puts_the_job_into_back_off_and_is_raised_for_celery():
    with pytest.raises(ValueError, match="broken a"):
        deliver(asked("engine.fail"))
    job = Job.objects.get()
    assert (job.state, job.attempts_made, job.error_kind) == (JobState.DELAYED, 1, "ValueError")
    assert Attempt.objects.get().outcome == "failed"


def test_an_end_with_a_name_is_one_line_of_the_log_and_a_broken_code_a_traceback(monkeypatch, caplog):
    caplog.set_level("INFO")
    for error in (Fail("No key."), ValueError("broken")):
        attempt = asked("engine.write")
        task = find("engine.write")

        def end(job, *, error=error, **args):
            raise error

        monkeypatch.setattr(task, "function", end)
        task.apply(task_id=str(attempt.pk), kwargs=attempt.job.args)
    named, broken = (line for line in caplog.records if line.name == "celery.app.trace")
    assert (named.levelname, bool(named.exc_info)) == ("INFO", False)
    assert (broken.levelname, bool(broken.exc_info)) == ("ERROR", True)
    assert "No key." in named.getMessage()


def test_a_superseded_attempt_leaves_no_effect():
    attempt = asked("engine.two_steps")

    def moved_on(job, *, name):
        Job.objects.update(attempts_started=7)
        with job.completing():
            Effect.objects.create(name=name)

    with pytest.raises(Ignore):
        run_attempt(moved_on, attempt_id=str(attempt.pk), args={"name": "a"}, worker="test")
    assert Effect.objects.count() == 0
    assert Job.objects.get().state == JobState.ACTIVE


def test_a_retry_reuses_finished_steps():
    with pytest.raises(Ignore):
        deliver(asked("engine.two_steps"))
    job = Job.objects.get()
    Job.objects.update(state=JobState.WAITING)
    deliver(dispatched(Job.objects.get()))
    assert sorted(Effect.objects.values_list("name", flat=True)) == ["a", "step:a"]
    assert [step.result for step in job.steps.all()] == [{"made": "a"}]


def test_a_steps_record_is_there_at_once_and_waits_for_no_commit_of_a_worker_that_may_be_frozen():
    attempt, writes = asked(), []

    def watch(execute, sql, parameters, many, context):
        if "INTO queues_step" in sql:
            writes.append(connection.in_atomic_block)
        return execute(sql, parameters, many, context)

    def code(job, *, name):
        with connection.execute_wrapper(watch):
            job.step("draft", lambda: None)
            job.step("draft", lambda: pytest.fail("The stored result, nothing here, counts as well."))

    run_attempt(code, attempt_id=str(attempt.pk), args={"name": "a"}, worker="test")
    assert writes == [False]


def test_a_snooze_uses_up_no_attempt():
    with pytest.raises(Ignore):
        deliver(asked("engine.snooze_once"))
    job = Job.objects.get()
    assert (job.state, job.attempts_made, job.attempts_started) == (JobState.DELAYED, 0, 1)
    assert Attempt.objects.get().outcome == "snoozed"


def test_code_that_wrongly_calls_itself_superseded_is_retried_not_forgotten():
    attempt = asked()

    def mistaken(job, *, name):
        raise Superseded

    with pytest.raises(Ignore):
        run_attempt(mistaken, attempt_id=str(attempt.pk), args={"name": "a"}, worker="test")
    job = Job.objects.get()
    assert (job.state, job.error_kind) == (JobState.DELAYED, "Superseded")


def test_a_database_that_goes_away_uses_up_no_try():
    if connection.vendor != "postgresql":
        pytest.skip("a file does not go away")
    attempt = asked()

    def cut(job, **args):
        with job.completing(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        run_attempt(cut, attempt_id=str(attempt.pk), args={}, worker="test")
    connection.close()
    with transaction.atomic():
        put_back_lost(clock.now() + datetime.timedelta(minutes=1))
    job = Job.objects.get()
    assert (job.state, job.attempts_made, job.losses) == (JobState.WAITING, 0, 1)
