"""Runs through real workers and a real HTTP provider, with everything going wrong."""

import pytest

from aiproviders.models import LanguageModel
from content.blog.models import Post, PostVersion, Run
from content.blog.runs import log
from content.blog.runs.progress import Progress, progress_of, state_of
from content.blog.runs.services import stop_run
from queues.models import Job, JobEvent
from queues.states import JobState
from tests.aiproviders.conftest import KEY
from tests.content.blog.runs.builders import lift_limits, started, told
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
EVERY_THIRD = "fail-every-3-retry-after-1"


@pytest.fixture
def provider(openai):
    """The provider's address and key, for workers; its models are on offer."""
    for model in (EVERY_THIRD, "held", "ok"):
        LanguageModel.objects.get_or_create(provider="openai", model=model, defaults={"label": model})
    return {"OPENAI_BASE_URL": openai.url, "OPENAI_API_KEY": KEY}


def watched(run: Run, seen: list[Progress]) -> Run:
    """The run as it is now; how it goes is noted."""
    run = told(run)
    seen.append(progress_of(run))
    return run


def never_went_back(seen: list[Progress]) -> bool:
    pairs = list(zip(seen, seen[1:], strict=False))
    names = ("completed", "failed", "skipped", "ended")
    return all(getattr(now, name) >= getattr(before, name) for before, now in pairs for name in names)


def each_title_has_one_post() -> bool:
    return Post.objects.count() == Post.objects.values("source", "media_type", "external_id").distinct().count()


def test_fifty_posts_with_a_provider_that_fails_every_third_call(ada, openai, provider, start_worker):
    lift_limits()
    start_worker(**provider)
    run, seen = started(ada, count=50, ai_model=f"openai/{EVERY_THIRD}"), []
    wait_until(lambda: not watched(run, seen).is_open, 120)
    run, last = told(run), progress_of(told(run))
    assert (state_of(run), last.ended, last.total) == ("completed", 50, 50)
    assert last.completed == Post.objects.filter(run=run).count() == PostVersion.objects.count()
    assert each_title_has_one_post() and never_went_back(seen) and len(seen) > 20
    failed = Job.objects.filter(kind="blog.write_post", state=JobState.FAILED)
    assert last.failed == failed.count() and {job.error_kind for job in failed} <= {"rate_limit"}
    assert {job.subject_label for job in failed} <= {line.message.split(":")[0] for line in log.lines(run)}
    assert sum(request["model"] == EVERY_THIRD for request in openai.requests) > 60


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
    Job.objects.filter(state=JobState.ACTIVE, handed_over=False).update(lease_until="2020-01-01T00:00:00Z")
    start_worker("two", **provider)
    wait_until(lambda: not watched(run, seen).is_open, 60)
    assert (state_of(told(run)), progress_of(told(run)).completed) == ("completed", 12)
    assert Post.objects.filter(run=run).count() == PostVersion.objects.count() == 12
    assert each_title_has_one_post() and never_went_back(seen)
    assert len(openai.requests) > asked_before
    assert JobEvent.objects.filter(data__has_key="post").count() == 12
