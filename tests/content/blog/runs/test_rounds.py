"""A run from its first job to its end, without a worker process."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from celery.exceptions import Ignore
from django.db import connections

from aiproviders.models import LanguageModel
from content.blog.catalogues import default_catalogue
from content.blog.models import Post, Run
from content.blog.runs import log
from content.blog.runs.errors import NotRunning
from content.blog.runs.progress import progress_of, state_of
from content.blog.runs.services import stop_run
from queues import clock, control
from queues.errors import Fail
from queues.failure import settle
from queues.ledger import put_back
from queues.models import Job
from queues.states import JobState
from tests.content.blog.runs.builders import done, handed_over, started, told, work
from tests.factories import claimed
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def counted(run: Run) -> tuple:
    now = progress_of(told(run))
    return now.total, now.completed, now.failed, now.skipped


def said(run: Run) -> list[str]:
    return [line.message for line in log.lines(run)]


def work_elsewhere(job: Job) -> None:
    """In another thread, whose connection is closed whatever comes of it."""
    try:
        work(job)
    finally:
        connections.close_all()


def first_titles(count: int, **filters) -> list[str]:
    page = default_catalogue().page(Run(**filters).query)
    return [title.external_id for title in page.titles[:count]]


def test_a_batch_writes_as_many_posts_as_were_asked_for_and_ends(ada):
    run = started(ada, count=3)
    assert (state_of(run), counted(run)) == ("waiting", (3, 0, 0, 0))
    parts = handed_over(run)
    assert (state_of(told(run)), counted(run)) == ("running", (3, 0, 0, 0))
    work(parts[0])
    assert counted(run) == (3, 1, 0, 0)
    work(parts[1]), work(parts[2])
    run = told(run)
    assert (state_of(run), counted(run)) == ("completed", (3, 3, 0, 0))
    assert (run.ending, run.written, run.ended_at is not None) == ("completed", 3, True)
    assert Post.objects.filter(run=run, state="draft").count() == 3
    assert {job.owner for job in Job.objects.all()} == {ada}
    assert [part.args["external_id"] for part in parts] == first_titles(3)


def test_what_has_a_post_is_skipped_by_name_and_the_next_titles_are_written(ada, bob):
    done(started(ada, count=2))
    run = done(started(bob, count=2))
    assert counted(run) == (4, 2, 0, 2)
    titles = [str(post.title) for post in Post.objects.order_by("id")]
    assert {f"{title}: skipped, already posted" for title in titles[:2]} <= set(said(run))
    assert Post.objects.count() == 4 and run.posts.count() == 2


def test_two_runs_of_two_users_at_once_share_no_title(ada, bob):
    one, other = started(ada, count=4), started(bob, count=4)
    parts = handed_over(one) + handed_over(other)
    assert len({part.args["external_id"] for part in parts}) == 8
    assert sum("skipped, another run writes it" in message for message in said(other)) == 4
    for part in reversed(parts):
        work(part)
    assert (counted(one), counted(other)) == ((4, 4, 0, 0), (8, 4, 0, 4))
    assert Post.objects.count() == 8


def test_a_title_that_gets_its_post_meanwhile_is_skipped_without_a_call(ada):
    run = started(ada, count=2)
    first, second = handed_over(run)
    work(first)
    Post.objects.update(external_id=second.args["external_id"], slug="written-by-hand")
    work(second)
    assert counted(run) == (2, 1, 0, 1)
    assert said(run)[-1].endswith("skipped, already posted")
    assert Post.objects.count() == 1


def test_filters_decide_and_a_short_listing_is_said(ada):
    run = started(ada, count=50, genres=["Western"], year_from=1990, min_rating=7.5)
    parts = handed_over(run)
    assert 0 < len(parts) < 50
    assert f"{len(parts)} of 50 posts to write" in " ".join(said(run))
    assert progress_of(told(run)).total == len(parts)


def test_a_listing_without_a_new_title_ends_at_once(ada):
    run = started(ada, count=5, genres=["Western"], year_from=2014, min_rating=10)
    work(run.job)
    assert (state_of(told(run)), counted(run)) == ("completed", (5, 0, 0, 0))
    assert "0 of 5 posts to write" in " ".join(said(run))


def test_a_failed_post_is_named_and_the_run_goes_on(ada):
    run = started(ada, count=2)
    first, second = handed_over(run)
    settle(claimed(first), Fail("The provider refused.", kind="refusal"))
    assert (state_of(told(run)), counted(run)) == ("running", (2, 0, 1, 0))
    work(second)
    assert (state_of(told(run)), counted(run), told(run).failed) == ("completed", (2, 1, 1, 0), 1)
    assert f"{first.subject_label}: Failed: The provider refused." in said(run)


def test_without_a_key_the_run_fails_as_one_and_can_be_tried_again(ada, settings):
    run = started(ada, ai_model="gpt-6-luna")
    with pytest.raises(Exception, match="no API key"):
        work(run.job)
    run = told(run)
    assert (state_of(run), run.ending, run.job.error_kind) == ("failed", "failed", "no_key")
    assert not run.job.children.exists()
    settings.OPENAI_API_KEY = "sk-of-the-house"
    assert control.retry(run.job)
    assert len(handed_over(told(run))) == 3 and state_of(told(run)) == "running"


def test_a_stop_before_the_first_title_writes_nothing(ada):
    run = started(ada)
    assert stop_run(run) == "Stopped."
    assert (state_of(told(run)), Post.objects.count()) == ("stopped", 0)
    with pytest.raises(NotRunning):
        stop_run(run)
    Job.objects.all().delete()
    assert state_of(told(run)) == "stopped"


def test_what_fails_after_a_stop_is_not_tried_again(ada, openai):
    LanguageModel.objects.create(provider="openai", model="held-then-broken", label="broken")
    run = started(ada, ai_model="openai/held-then-broken", count=2)
    first, _ = handed_over(run)
    with ThreadPoolExecutor(1) as pool:
        attempt = pool.submit(work_elsewhere, first)
        wait_until(lambda: openai.requests)
        assert stop_run(run) == f"Stopping after {first.subject_label}."
        openai.release()
        assert isinstance(attempt.exception(60), Ignore)
    first.refresh_from_db()
    assert (first.state, state_of(told(run)), Post.objects.count()) == (JobState.CANCELLED, "stopped", 0)
    assert any("is not tried again because the run stops" in message for message in said(run))


def test_what_lost_its_worker_is_not_begun_again_after_a_stop(ada):
    run = started(ada, count=2)
    first, _ = handed_over(run)
    running = claimed(first)
    assert stop_run(run) == f"Stopping after {first.subject_label}."
    assert put_back(running, JobState.ACTIVE, "Its worker died")
    with pytest.raises(Ignore):
        work(first)
    assert (state_of(told(run)), Post.objects.count()) == ("stopped", 0)


def test_a_run_keeps_its_figures_when_its_jobs_are_forgotten(ada):
    run = done(started(ada))
    Job.objects.all().delete()
    assert (state_of(told(run)), counted(run), told(run).posts.count()) == ("completed", (3, 3, 0, 0), 3)


class TestContinuous:
    @pytest.fixture
    def run(self, ada) -> Run:
        return started(ada, mode="continuous", count=2, daily_cap=3)

    def test_the_next_round_waits_for_an_hour_and_survives_everything_in_the_database(self, run):
        run = done(run)
        assert state_of(run) == "scheduled" and run.job.state == JobState.DELAYED
        assert datetime.timedelta(minutes=59) < run.job.run_at - clock.now() <= datetime.timedelta(hours=1)
        assert (counted(run)[1], run.written) == (2, 2)
        assert Job.objects.filter(kind="blog.run").count() == 2

    def test_no_day_has_more_posts_than_the_cap_and_the_next_round_is_tomorrow(self, run):
        run = done(run)
        control.promote(run.job)
        run = done(told(run))
        assert run.posts.count() == run.written == 3
        tomorrow = (clock.now() + datetime.timedelta(days=1)).date()
        assert (run.job.run_at.date(), run.job.run_at.hour, state_of(run)) == (tomorrow, 0, "scheduled")
        control.promote(run.job)  # somebody lets it begin too early
        work(told(run).job)
        assert (run.posts.count(), state_of(told(run))) == (3, "scheduled")

    def test_progress_adds_the_rounds_up(self, run):
        run = done(run)
        control.promote(run.job)
        (part,) = handed_over(told(run))
        assert progress_of(told(run)).completed == 2
        work(part)
        assert progress_of(told(run)).completed == 3

    def test_a_round_that_wrote_nothing_is_followed_by_the_next_days(self, run):
        for part in handed_over(run):
            settle(claimed(part), Fail("The key was refused.", kind="auth"))
        run = told(run)
        tomorrow = (clock.now() + datetime.timedelta(days=1)).date()
        assert (state_of(run), run.job.run_at.date(), run.failed) == ("scheduled", tomorrow, 2)

    def test_a_stop_ends_it(self, run):
        run = done(run)
        assert stop_run(run) == "Stopped."
        assert (state_of(told(run)), told(run).is_open) == ("stopped", False)
        assert not Job.objects.open().exists()

    def test_a_stop_in_the_middle_of_a_round_asks_for_no_other(self, run):
        handed_over(run)
        stop_run(run)
        assert (state_of(told(run)), told(run).ending) == ("stopped", "stopped")
        assert not Job.objects.open().exists()

    def test_a_catalogue_that_is_away_is_asked_again_later(self, run):
        settle(claimed(run.job), Fail("TMDB is overloaded.", kind="overloaded"))
        run = told(run)
        assert (state_of(run), run.ending) == ("scheduled", "")
