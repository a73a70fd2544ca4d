"""The endpoints and figures of the users' own document about blog generation, as they stand there."""

import json
import uuid

import pytest

from content.blog.models import Run
from queues.models import Job
from tests.content.blog.runs.builders import handed_over, told, work

pytestmark = pytest.mark.django_db(transaction=True)
START = "/api/admin/blog/auto-generate"
METRICS = {"waiting": 2, "active": 1, "completed": 50, "failed": 3, "delayed": 0}
MODELS = [
    *("gemini-1.5-flash", "gemini-1.5-pro", "gemini-2.0-flash-exp", "gpt-4o", "gpt-4-turbo", "gpt-4", "gpt-3.5-turbo"),
    *("claude-3-5-sonnet-20241022", "claude-3-opus-20240229", "claude-3-sonnet-20240229"),
]


def body(**changes) -> str:
    wish = {
        "aiModel": "gemini-1.5-flash",
        "mode": "batch",
        "source": "popular",
        "mediaType": "movie",
        "count": 3,
        "filters": {"minRating": 7, "yearFrom": 1990, "yearTo": 2010, "includeAdult": False, "genres": []},
    }
    return json.dumps(wish | changes)


def start(api, slash: str = "", **changes):
    return api.post(START + slash, body(**changes), content_type="application/json")


@pytest.mark.parametrize("slash", ["", "/"])
def test_start_generation_adds_a_job_to_the_queue(api, slash):
    answer = start(api, slash)
    assert answer.status_code == 202
    told_by = answer.json()
    assert all(type(told_by[name]) is str for name in ("jobId", "status", "message", "estimatedTime"))
    assert uuid.UUID(told_by["jobId"]) == Job.objects.get().pk and Job.objects.get().queue == "blog"
    assert answer.headers["Retry-After"] == "2"
    assert api.get(answer.headers["Location"]).json()["jobId"] == told_by["jobId"]


@pytest.mark.parametrize("model", MODELS)
def test_every_model_of_the_document_is_taken_or_gives_its_successor(api, model):
    assert start(api, aiModel=model).status_code == 202
    assert "/" in Run.objects.get().ai_model


@pytest.mark.parametrize("slash", ["", "/"])
def test_status_and_queue_metrics(api, slash):
    start(api, aiModel="template")
    run = Run.objects.told().get()
    parts = handed_over(run)
    work(parts[0])
    answer = api.get(f"{START}/status{slash}").json()
    assert answer["running"] is True and answer["jobId"] == str(run.job_id)
    assert set(answer["progress"]) >= {"total", "completed", "failed", "skipped", "current"}
    assert {name: type(value) for name, value in answer["metrics"].items()} == dict.fromkeys(METRICS, int)
    assert all(set(line) >= {"at", "level", "message"} and line["at"].endswith("Z") for line in answer["logs"])


@pytest.mark.parametrize("slash", ["", "/"])
def test_stop_generation(api, slash):
    start(api, aiModel="template")
    run = Run.objects.told().get()
    work(handed_over(run)[0])
    answer = api.post(f"{START}/stop{slash}", "{}", content_type="application/json")
    assert answer.status_code == 200 and answer.json()["jobId"] == str(run.job_id)
    assert not told(run).is_open and run.posts.count() == 1


def test_a_users_jobs_and_cancelling_one(api):
    job_id = start(api, aiModel="template").json()["jobId"]
    assert [job["id"] for job in api.get("/api/jobs?queue=blog").json()["results"]] == [job_id]
    assert api.post(f"/api/jobs/{job_id}/cancel").status_code == 200
    assert api.get(f"{START}/status").json()["status"] == "stopped"


def test_the_policy_of_the_queue_is_the_documents(settings):
    policy = settings.QUEUE_DEFAULTS | settings.QUEUES["blog"]
    assert (policy["concurrency"], policy["rate"], policy["max_attempts"]) == (2, (10, 60), 3)
    assert (policy["keep_completed_count"], policy["keep_failed"], policy["keep_failed_count"]) == (100, None, None)
