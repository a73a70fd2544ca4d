from threading import Barrier, Thread

import pytest
from django.db import connection

from queues import clock
from queues.attempts import run_attempt
from queues.control import cancel, retry
from queues.errors import Cancelled, Fail, Superseded, TimedOut
from queues.failure import settle
from queues.kinds import find
from queues.ledger import put_back
from queues.models import Attempt, Job
from queues.rescue import put_back_lost
from queues.running import RunningJob
from queues.services import enqueue, enqueue_many
from queues.states import FINAL, JobState
from tests.engine.models import Effect
from tests.factories import claimed, dispatched
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def handed_over(count: int = 3, name: str = "b") -> Job:
    """A parent whose children wait."""
    parent = enqueue("engine.batch", args={"name": name, "count": count})
    run_attempt(find("engine.batch").function, attempt_id=str(dispatched(parent).pk), args=parent.args, worker="test")
    parent.refresh_from_db()
    return parent


def end(child: Job, *, well: bool = True) -> None:
    running = RunningJob(claimed(child))
    if well:
        with running.completing():
            pass
    else:
        settle(running.job, Fail("no way"))


def hooks() -> list[str]:
    return list(Effect.objects.filter(name__startswith="done:").values_list("name", flat=True))


def test_a_parent_waits_without_slot_or_lease():
    parent = handed_over()
    assert (parent.state, parent.progress, parent.total, parent.lease_until) == (JobState.ACTIVE, 0, 3, None)
    assert not Attempt.objects.filter(finished_at=None).exists()
    assert hooks() == []


def test_a_stopping_worker_does_not_give_back_a_parent_that_has_handed_over():
    """It may still hold the attempt for the moment between the commit and the end of the function."""
    parent = handed_over()
    assert not put_back(parent, JobState.ACTIVE, "Worker stopped: back in line")
    settle(parent, TimedOut("too long"))
    parent.refresh_from_db()
    assert (parent.state, parent.handed_over, parent.children.count()) == (JobState.ACTIVE, True, 3)
    with pytest.raises(Superseded), RunningJob(parent).handing_over():
        enqueue("engine.write", args={"name": "again"}, parent=parent)
    assert parent.children.count() == 3


def test_progress_counts_every_ended_child_and_the_last_completes_the_parent():
    parent = handed_over()
    first, second, third = parent.children.order_by("id")
    end(first)
    end(second, well=False)
    parent.refresh_from_db()
    assert (parent.state, parent.progress) == (JobState.ACTIVE, 2)
    cancel(third)
    parent.refresh_from_db()
    assert (parent.state, parent.progress) == (JobState.COMPLETED, 3)
    assert hooks() == ["done:b:completed"]
    assert parent.events.last().message == "All 3 parts ended, 1 failed"


def test_a_parent_without_children_completes_at_once():
    assert handed_over(count=0).state == JobState.COMPLETED
    assert hooks() == ["done:b:completed"]


def test_children_that_end_together_complete_the_parent_once():
    parent = handed_over(count=8)
    running = [RunningJob(claimed(child)) for child in parent.children.all()]
    barrier = Barrier(8)

    def finish(job: RunningJob) -> None:
        barrier.wait()
        try:
            with job.completing():
                pass
        finally:
            connection.close()

    threads = [Thread(target=finish, args=(job,)) for job in running]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    parent.refresh_from_db()
    assert (parent.state, parent.progress) == (JobState.COMPLETED, 8)
    assert hooks() == ["done:b:completed"]


def test_a_retried_child_is_counted_once():
    parent = handed_over(count=2)
    first, second = parent.children.order_by("id")
    end(first, well=False)
    first.refresh_from_db()
    assert retry(first)
    parent.refresh_from_db()
    assert parent.progress == 0
    end(second)
    first.refresh_from_db()
    end(first)
    parent.refresh_from_db()
    assert (parent.state, parent.progress) == (JobState.COMPLETED, 2)


def test_cancelling_a_parent_stops_its_children_and_then_itself():
    parent = handed_over()
    running = RunningJob(claimed(parent.children.order_by("id").first()))
    assert cancel(parent)
    states = sorted(parent.children.values_list("state", flat=True))
    assert states == [JobState.ACTIVE, JobState.CANCELLED, JobState.CANCELLED]
    with running.completing():
        pass
    parent.refresh_from_db()
    assert parent.state == JobState.CANCELLED
    assert hooks() == ["done:b:cancelled"]


def test_a_parent_that_may_finish_lets_its_running_children_end_and_cancels_the_others():
    parent = handed_over()
    running = RunningJob(claimed(parent.children.order_by("id").first()))
    assert cancel(parent, finish=True)
    running.job.refresh_from_db()
    assert (running.job.state, running.job.cancel_requested) == (JobState.ACTIVE, False)
    running.progress(1, 2, "goes on")
    with running.completing():
        pass
    parent.refresh_from_db()
    assert parent.state == JobState.CANCELLED
    states = sorted(parent.children.values_list("state", flat=True))
    assert states == [JobState.CANCELLED, JobState.CANCELLED, JobState.COMPLETED]
    assert hooks() == ["done:b:cancelled"]


def test_a_parent_that_is_asked_to_stop_while_it_hands_over_asks_for_no_children():
    running = RunningJob(claimed(enqueue("engine.batch", args={"name": "b", "count": 3})))
    seen = running.checkpoint

    def checkpoint_and_then_the_question() -> None:
        seen()
        running.checkpoint = seen
        assert cancel(running.job)

    running.checkpoint = checkpoint_and_then_the_question
    with pytest.raises(Cancelled), running.handing_over():
        enqueue("engine.write", args={"name": "a"}, parent=running.job)
    assert not running.job.children.exists()
    assert not Job.objects.get().handed_over


def test_a_batch_runs_through_a_real_worker(worker):
    parent = enqueue("engine.batch", args={"name": "real", "count": 25})
    wait_until(lambda: not Job.objects.exclude(state__in=FINAL).exists())
    parent.refresh_from_db()
    assert (parent.state, parent.progress) == (JobState.COMPLETED, 25)
    assert Effect.objects.count() == 26


class Killed(BaseException):
    """Its process is no more."""


def kill(*args, **kwargs):
    raise Killed


@pytest.mark.parametrize("finish", [False, True])
def test_a_cancel_whose_process_is_killed_half_way_is_finished_by_the_next_rescue(monkeypatch, finish):
    parent, own = handed_over(), [JobState.ACTIVE, JobState.CANCELLED, JobState.CANCELLED]
    running = RunningJob(claimed(parent.children.order_by("id").first()))
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("queues.batches.cancel_children", kill)
        cancel(parent, finish=finish)
    put_back_lost(clock.now())
    assert list(parent.children.order_by("id").values_list("state", flat=True)) == own
    if not finish:
        with pytest.raises(Cancelled):
            running.checkpoint()
    with running.completing():
        pass
    parent.refresh_from_db()
    assert (parent.state, hooks()) == (JobState.CANCELLED, ["done:b:cancelled"])


def test_a_parent_that_has_not_begun_leaves_no_part_behind_when_its_cancel_is_killed_half_way(monkeypatch):
    parent = enqueue("engine.batch", args={"name": "p", "count": 0})
    children = enqueue_many("engine.write", [{"name": "a"}, {"name": "b"}], parent=parent)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("queues.batches.cancel_children", kill)
        cancel(parent)
    put_back_lost(clock.now())
    for job in (parent, *children):
        job.refresh_from_db()
        assert job.state == JobState.CANCELLED


def test_a_cancel_that_comes_too_late_asks_no_child_to_stop():
    parent = claimed(enqueue("engine.batch", args={"name": "p", "count": 0}))
    child = enqueue("engine.write", args={"name": "a"}, parent=parent)
    settle(parent, Fail("no way"))
    assert not cancel(parent)
    child.refresh_from_db()
    assert not child.cancel_requested
