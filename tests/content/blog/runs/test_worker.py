"""Runs through real workers and a real HTTP provider, with everything going wrong."""

import datetime
from threading import Event

import pytest

from aiproviders.models import LanguageModel
from content.blog.models import Post, PostVersion, Run
from content.blog.runs import log
from content.blog.runs.progress import Progress, progress_of, state_of
from content.blog.runs.services import stop_run
from queues import clock
from queues.models import Job, JobEvent
from queues.states import JobState
from tests.aiproviders.conftest import KEY
from tests.content.blog.runs.builders import lift_limits, post_about, started, told
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
REFUSES, BUSY = "fail-every-3-status-400", "fail-every-3-retry-after-1"


@pytest.fixture
def provider(openai):
    """The provider's address and key, for workers; its models are on offer."""
    for model in (REFUSES, BUSY, "held", "ok"):
        LanguageModel.objects.get_or_create(provider="openai", model=model, defaults={"label": model})
    openai.says |= {"ok": post_about, "held": post_about}
    return {"OPENAI_BASE_URL": openai.url, "OPENAI_API_KEY": KEY}


def watched(run: Run, seen: list[Progress]) -> Run:
    """The run as it is now; how it goes is noted, ten times a second at most."""
    Event().wait(0.1)
    run = told(run)
    seen.append(progress_of(run))
    return run


def never_went_back(seen: list[Progress]) -> bool:
    pairs = list(zip(seen, seen[1:], strict=False))
    names = ("completed", "failed", "skipped", "ended")
    return all(getattr(now, name) >= getattr(before, name) for before, now in pairs for name in names)


def each_title_has_one_post() -> bool:
    return Post.objects.count() == Post.objects.values("source", "media_type", "external_id").distinct().count()


def test_fifty_posts_with_a_provider_that_refuses_every_third_are_posts_or_named_failures(
    ada, openai, provider, start_worker
):
    lift_limits()
    start_worker(**provider)
    run, seen = started(ada, count=50, ai_model=f"openai/{REFUSES}", auto_publish=True), []
    wait_until(lambda: not watched(run, seen).is_open, 120)
    run, last = told(run), progress_of(told(run))
    assert (state_of(run), last.ended, last.total) == ("completed", 50, 50)
    assert (last.completed, last.failed) == (34, 16)
    assert last.completed == Post.objects.filter(run=run, state="published").count() == PostVersion.objects.count()
    assert each_title_has_one_post() and never_went_back(seen) and len(set(seen)) > 5
    failed = Job.objects.filter(kind="blog.write_post", state=JobState.FAILED)
    assert {job.error_kind for job in failed} == {"bad_request"} and failed.count() == 16
    said = [line.message for line in log.lines(run, most=1000)]
    assert all(any(line.startswith(f"{job.subject_label}: Failed") for line in said) for job in failed)
    assert (run.written, run.failed, run.ending) == (34, 16, "completed")


def test_a_provider_that_is_busy_at_every_third_call_only_takes_longer(ada, openai, provider, start_worker):
    lift_limits()
    start_worker(**provider)
    run, seen = started(ada, count=5, ai_model=f"openai/{BUSY}"), []
    wait_until(lambda: not watched(run, seen).is_open, 60)
    assert (state_of(told(run)), progress_of(told(run)).completed) == ("completed", 5)
    assert Post.objects.filter(run=run, state="draft").count() == PostVersion.objects.count() == 5
    assert len(openai.requests) == 7 and never_went_back(seen)
    assert any("retry" in line.message or "Next try" in line.message for line in log.lines(run))


def test_stop_after_the_current_post_writes_that_and_no_other(ada, openai, provider, start_worker):
    lift_limits(concurrency=1)
    start_worker(**provider)
    run = started(ada, count=20, ai_model="openai/held")
    wait_until(lambda: progress_of(told(run)).current and openai.requests)
    (title,) = progress_of(told(run)).current
    assert stop_run(run) == f"Stopping after {title}."
    assert state_of(told(run)) == "stopping"
    openai.release()
    wait_until(lambda: not told(run).is_open)
    assert (state_of(told(run)), told(run).ending) == ("stopped", "stopped")
    assert [str(post.title) for post in Post.objects.filter(run=run)] == [title]
    assert progress_of(told(run)).completed == 1
    assert Job.objects.filter(state=JobState.CANCELLED, kind="blog.write_post").count() == 19


def test_stop_now_drops_the_post_in_work_and_keeps_what_is_written(ada, openai, provider, start_worker):
    lift_limits(concurrency=1)
    start_worker(**provider)
    run = started(ada, count=5, ai_model="openai/held")
    wait_until(lambda: progress_of(told(run)).current and openai.requests)
    assert stop_run(run, now=True).startswith("Stopping now.")
    openai.release()
    wait_until(lambda: not told(run).is_open)
    assert (state_of(told(run)), Post.objects.count(), progress_of(told(run)).completed) == ("stopped", 0, 0)
    assert len(openai.requests) == 1
    assert not Job.objects.filter(state__in=("waiting", "delayed", "active")).exists()


def test_kill_9_in_the_middle_of_a_run_loses_nothing_and_writes_nothing_twice(ada, openai, provider, start_worker):
    lift_limits(concurrency=4)
    worker = start_worker(**provider)
    run, seen = started(ada, count=12, ai_model="openai/ok"), []
    wait_until(lambda: watched(run, seen).is_open and 2 <= seen[-1].completed < 12)
    worker.kill()
    asked_before = len(openai.requests)
    watched(run, seen)
    long_ago = clock.now() - datetime.timedelta(hours=1)  # nobody waits for leases that run out
    Job.objects.filter(state=JobState.ACTIVE, handed_over=False).update(lease_until=long_ago)
    Job.objects.filter(state=JobState.DISPATCHED).update(dispatched_at=long_ago)
    start_worker("two", **provider)
    wait_until(lambda: not watched(run, seen).is_open, 60)
    assert (state_of(told(run)), progress_of(told(run)).completed) == ("completed", 12)
    assert Post.objects.filter(run=run).count() == PostVersion.objects.count() == 12
    assert each_title_has_one_post() and never_went_back(seen)
    assert len(openai.requests) > asked_before
    assert JobEvent.objects.filter(data__has_key="post").count() == 12
