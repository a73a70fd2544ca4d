"""Runs whose titles come from TMDB, a real HTTP server on loopback that is sometimes away."""

import json

import pytest

from content.blog.catalogues import CatalogueError
from content.blog.models import Run
from content.blog.runs.forecast import forecast
from content.blog.runs.progress import progress_of, state_of
from queues import control
from queues.models import Job
from queues.states import JobState
from tests.content.blog.catalogues.conftest import tmdb_on_loopback, tmdb_server
from tests.content.blog.runs.builders import handed_over, started, told, work

__all__ = ["tmdb_on_loopback", "tmdb_server"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_titles_are_chosen_page_by_page(ada, tmdb_server):
    parts = handed_over(started(ada, count=25, media_type="tv"))
    assert len({part.args["external_id"] for part in parts}) == 25
    assert {(part.args["source"], part.args["media_type"]) for part in parts} == {("tmdb", "tv")}
    asked = [params["page"] for path, params, _ in tmdb_server.asked if path == "tv/popular"]
    assert asked == ["1", "2"]


def test_a_catalogue_that_is_away_while_titles_are_chosen_is_asked_again(ada, tmdb_server):
    run = started(ada, count=2)
    tmdb_server.faults["movie/popular"] = 9
    with pytest.raises(CatalogueError):
        work(run.job)
    job = told(run).job
    assert (job.state, job.error_kind, job.children.count()) == (JobState.DELAYED, "overloaded", 0)
    assert (state_of(told(run)), progress_of(told(run)).ended) == ("waiting", 0)
    tmdb_server.faults.clear()
    assert control.promote(job)
    assert len(handed_over(told(run))) == 2 and state_of(told(run)) == "running"


def test_what_the_catalogue_does_not_give_is_the_failure_of_that_post_alone(ada, tmdb_server):
    run = started(ada, count=3)
    gone, busy, fine = handed_over(run)
    tmdb_server.faults[f"movie/{gone.args['external_id']}"] = 34
    tmdb_server.faults[f"movie/{busy.args['external_id']}"] = 25
    for part in (gone, busy):
        with pytest.raises(CatalogueError):
            work(part)
    work(fine)
    states = {part.pk: (part.state, part.error_kind) for part in run.job.children.all()}
    assert states[gone.pk] == (JobState.FAILED, "not_found")
    assert states[busy.pk] == (JobState.DELAYED, "rate_limit")
    now = progress_of(told(run))
    assert (now.completed, now.failed, state_of(told(run))) == (1, 1, "running")
    tmdb_server.faults.clear()
    control.promote(Job.objects.get(pk=busy.pk))
    work(busy)
    assert (progress_of(told(run)).completed, state_of(told(run))) == (2, "completed")


def test_an_estimate_without_the_catalogue_says_so_and_still_knows_the_time(tmdb_server):
    tmdb_server.faults["movie/popular"] = 46
    found = forecast(Run(ai_model="template", count=10))
    assert (found.posts, found.posted) == (10, 0) and "maintenance" in found.trouble and found.seconds > 0


@pytest.mark.parametrize("keyed", [False, True])
def test_an_unknown_genre_is_refused_or_where_nobody_may_be_asked_ends_the_run_by_name(api, tmdb_server, keyed):
    body = json.dumps({"aiModel": "template", "filters": {"genres": ["Polka"]}})
    headers = {"Idempotency-Key": "one"} if keyed else {}
    answer = api.post("/api/admin/blog/auto-generate", body, content_type="application/json", headers=headers)
    if not keyed:
        assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == "/filters/genres"
        assert not Run.objects.exists()
        return
    assert answer.status_code == 202  # it is answered inside a transaction, where no network is waited for
    run = Run.objects.told().get()
    with pytest.raises(CatalogueError, match="Polka"):
        work(run.job)
    assert (state_of(told(run)), told(run).job.error_kind) == ("failed", "unsupported")
