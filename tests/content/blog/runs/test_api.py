"""The API of runs: who may, what is refused, what is told."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config.models import ApiToken
from content.blog.models import Post, Run
from queues.models import Job
from tests.content.blog.runs.builders import done, handed_over, started, told, work

START = "/api/admin/blog/auto-generate"
STATUS, STOP = f"{START}/status", f"{START}/stop"
pytestmark = pytest.mark.django_db


def post(client: Client, path: str, body: object, **headers):
    return client.post(path, json.dumps(body), content_type="application/json", headers=headers)


def pointers(answer) -> set[str]:
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    return {error["pointer"] for error in answer.json()["errors"]}


def test_strangers_and_others_than_staff_are_refused(client, django_user_model):
    user = django_user_model.objects.create_user("carl")
    carl = Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})
    for path, ask in ((START, "post"), (STATUS, "get"), (STOP, "post")):
        assert getattr(client, ask)(path).status_code == 401
        assert getattr(carl, ask)(path).status_code == 403
    assert not Run.objects.exists()


def test_a_session_needs_its_csrf_token(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert post(browser, START, {"aiModel": "template"}).status_code == 403
    assert not Run.objects.exists()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"count": 0}, "/count"),
        ({"count": 51}, "/count"),
        ({"count": "x"}, "/count"),
        ({"count": 1.5}, "/count"),
        ({"mode": "forever"}, "/mode"),
        ({"source": "worst"}, "/source"),
        ({"source": "upcoming"}, "/source"),
        ({"mediaType": "tv"}, "/mediaType"),
        ({"mediaType": 7}, "/mediaType"),
        ({"aiModel": "no-such-model"}, "/aiModel"),
        ({"aiModel": ["gpt-4o"]}, "/aiModel"),
        ({"filters": []}, "/filters"),
        ({"filters": {"minRating": 11}}, "/filters/minRating"),
        ({"filters": {"minRating": "NaN"}}, "/filters/minRating"),
        ({"filters": {"yearFrom": 2012, "yearTo": 2001}}, "/filters/yearFrom"),
        ({"filters": {"yearTo": 99999}}, "/filters/yearTo"),
        ({"filters": {"includeAdult": "perhaps"}}, "/filters/includeAdult"),
        ({"filters": {"genres": ["Polka"]}}, "/filters/genres"),
        ({"filters": {"genres": "Drama"}}, "/filters/genres"),
        ({"filters": {"genres": [None]}}, "/filters/genres/0"),
        ({"mode": "batch", "dailyCap": 2}, "/dailyCap"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored(api, body, pointer):
    assert pointers(post(api, START, {"aiModel": "template"} | body)) == {pointer}
    assert not Run.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize("body", ["[]", '"x"', "{", "null", "NaN"])
def test_what_is_no_object_is_refused(api, body):
    assert api.post(START, body, content_type="application/json").status_code == 400
    assert not Run.objects.exists()


def test_everything_that_was_asked_for_is_kept(api):
    filters = {"minRating": 7.5, "yearFrom": 1990, "yearTo": 2010, "includeAdult": False, "genres": ["Drama"]}
    body = {"aiModel": "gpt-6-luna", "mode": "continuous", "source": "top_rated", "mediaType": "movie", "count": 5}
    answer = post(api, START, body | {"filters": filters, "autoPublish": True, "dailyCap": 20})
    assert answer.status_code == 202
    run = Run.objects.get()
    assert (run.ai_model, run.mode, run.listing, run.count) == ("openai/gpt-6-luna", "continuous", "top_rated", 5)
    assert (run.min_rating, run.year_from, run.year_to, run.genres) == (7.5, 1990, 2010, ["Drama"])
    assert (run.auto_publish, run.daily_cap, run.include_adult) == (True, 20, False)
    assert answer.json()["jobId"] == str(run.job_id)


def test_with_nothing_said_it_is_a_batch_of_ten_popular_films_by_the_model_one_prefers(api, settings):
    settings.AI_MODEL = "openai/gpt-6-luna"
    assert post(api, START, {"filters": None}).status_code == 202
    run = Run.objects.get()
    assert (run.mode, run.listing, run.media_type, run.count) == ("batch", "popular", "movie", 10)
    assert (run.ai_model, run.daily_cap) == ("openai/gpt-6-luna", None)


def test_a_second_start_is_refused_with_the_running_job_until_that_has_ended(api, ada):
    run = started(ada)
    answer = post(api, START, {"aiModel": "template"})
    body = answer.json()
    assert (answer.status_code, body["jobId"], body["state"]) == (409, str(run.job_id), "waiting")
    assert "stop" in body["allowed"] and Run.objects.count() == 1
    assert post(api, STOP, {}).status_code == 200
    assert post(api, START, {"aiModel": "template"}).status_code == 202


def test_a_repeated_start_with_its_idempotency_key_is_one_run(api):
    key = str(uuid.uuid4())
    answers = [post(api, START, {"aiModel": "template"}, **{"Idempotency-Key": key}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json() and Run.objects.count() == 1


class TestStatus:
    pytestmark = pytest.mark.django_db(transaction=True)

    def test_idle(self, api):
        body = api.get(STATUS).json()
        assert (body["running"], body["status"], body["jobId"], body["logs"]) == (False, "idle", None, [])
        assert body["metrics"] == dict.fromkeys(("waiting", "active", "completed", "failed", "delayed"), 0)

    def test_while_it_runs_and_at_its_end(self, api, ada):
        run = started(ada)
        first, *others = handed_over(run)
        work(first)
        body = api.get(STATUS).json()
        expected = {"total": 3, "completed": 1, "failed": 0, "skipped": 0, "current": None}
        assert (body["running"], body["status"], body["progress"]) == (True, "running", expected)
        assert (body["jobId"], body["metrics"]["waiting"]) == (str(run.job_id), 2)
        assert body["logs"][-1]["message"].startswith(f"{first.subject_label}: written as a draft")
        for part in others:
            work(part)
        body = api.get(STATUS).json()
        assert (body["running"], body["status"], body["progress"]["completed"]) == (False, "completed", 3)

    def test_after_gives_only_what_is_new(self, api, ada):
        run = started(ada)
        parts = handed_over(run)
        last = api.get(STATUS).json()["logs"][-1]["id"]
        assert api.get(f"{STATUS}?after={last}").json()["logs"] == []
        work(parts[0])
        new = api.get(f"{STATUS}?after={last}").json()["logs"]
        assert new and all(line["id"] > last for line in new)

    @pytest.mark.parametrize("query", ["after=x", "after=-1", "after=" + "9" * 30, "jobId=7", "jobId="])
    def test_a_wrong_parameter_is_refused(self, api, query):
        assert pointers(api.get(f"{STATUS}?{query}")) == {f"/{query.partition('=')[0]}"}

    def test_another_user_sees_the_run_by_its_job(self, ada, bob):
        run = done(started(ada))
        client = Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=bob)}"})
        assert client.get(STATUS).json()["status"] == "idle"
        assert client.get(f"{STATUS}?jobId={run.job_id}").json()["status"] == "completed"
        part = Job.objects.filter(kind="blog.write_post").first()
        assert client.get(f"{STATUS}?jobId={part.pk}").status_code == 404

    def test_it_takes_as_many_queries_for_fifty_posts_as_for_one(self, ada, bob):
        one, fifty = (asked_for(user, count) for user, count in ((ada, 1), (bob, 50)))
        assert fifty <= one <= 16


def asked_for(user, count: int) -> int:
    """Queries of one look at a run of so many posts."""
    handed_over(started(user, count=count))
    client = Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})
    client.get(STATUS)  # notes that the token is in use
    with CaptureQueriesContext(connection) as queries:
        assert client.get(STATUS).json()["progress"]["total"] >= count
    return len(queries)


class TestStop:
    def test_nothing_to_stop(self, api):
        answer = post(api, STOP, {})
        assert (answer.status_code, answer.json()["state"]) == (409, "idle")

    def test_anybody_of_the_staff_may_stop_a_run_by_its_job(self, ada, bob):
        run = started(ada)
        client = Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=bob)}"})
        answer = post(client, STOP, {"jobId": str(run.job_id), "now": True})
        assert (answer.status_code, answer.json()["status"]) == (200, "stopped")
        assert not told(run).is_open and not Post.objects.exists()
        assert post(client, STOP, {"jobId": str(run.job_id)}).json()["state"] == "stopped"

    @pytest.mark.parametrize(("body", "status"), [({"jobId": "x"}, 400), ({"now": "soon"}, 400), ([], 400)])
    def test_a_wrong_body(self, api, ada, body, status):
        run = started(ada)
        assert post(api, STOP, body).status_code == status
        assert told(run).is_open

    def test_an_unknown_job(self, api):
        assert post(api, STOP, {"jobId": str(uuid.uuid4())}).status_code == 404
