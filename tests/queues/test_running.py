import pytest

from queues.control import cancel
from queues.errors import Cancelled, Superseded
from queues.models import Job
from queues.states import JobState
from tests.engine.models import Effect
from tests.factories import running_job

pytestmark = pytest.mark.django_db


@pytest.fixture
def running():
    return running_job("engine.write", {"name": "a"})


def test_progress_is_shown_on_the_row(running):
    running.progress(2, 5, "generating")
    job = Job.objects.get()
    assert (job.progress, job.total, job.stage) == (2, 5, "generating")


def test_log_lines_are_kept_in_order(running):
    running.log("One.")
    running.log("Two.", level="warning")
    assert [event.message for event in running.job.events.all()][-2:] == ["One.", "Two."]


def test_a_line_may_carry_data_for_programs(running):
    running.log("Skipped.", skipped="exists")
    assert running.job.events.last().data == {"skipped": "exists"}


def test_a_step_is_done_once(running):
    calls = []
    for _ in range(2):
        assert running.step("draft", lambda: calls.append(1) or {"text": "x"}) == {"text": "x"}
    assert len(calls) == 1


def test_a_cancelled_job_stops_at_its_next_checkpoint(running):
    cancel(running.job)
    with pytest.raises(Cancelled):
        running.progress(1, 2, "generating")


def test_a_superseded_attempt_may_not_report(running):
    Job.objects.update(attempts_started=5)
    with pytest.raises(Superseded):
        running.progress(1, 2, "generating")
    assert Job.objects.get().progress == 0


def test_completion_and_effect_are_one(running):
    with pytest.raises(RuntimeError), running.completing():
        Effect.objects.create(name="half")
        raise RuntimeError
    assert Effect.objects.count() == 0
    assert Job.objects.get().state == JobState.ACTIVE


def test_only_one_completion_counts(running):
    with running.completing({"n": 1}):
        Effect.objects.create(name="first")
    with pytest.raises(Superseded), running.completing({"n": 2}):
        Effect.objects.create(name="second")
    assert list(Effect.objects.values_list("name", flat=True)) == ["first"]
    assert Job.objects.get().result == {"n": 1}
