"""The users' own document, line by line: every curl line and every JSON example, by their keys and types."""

import pytest
from django.db import transaction
from django.test import Client

from content.articles.commentary import services, writing
from content.articles.commentary.storing import locked, store
from queues.models import Job
from queues.running import RunningJob
from tests.content.articles.reader import make_article
from tests.factories import claimed, running_job

pytestmark = pytest.mark.django_db(transaction=True)
QUEUED = {"status": str, "message": str, "articleId": str, "jobId": str, "estimatedWaitTime": str}
STATUS = {"ready": bool, "commentary": str, "generatedAt": str, "source": str}
COUNTS = {"waiting": int, "active": int, "completed": int, "failed": int, "delayed": int}
STATS = {"counts": dict, "health": str, "upcomingJobs": list}


def types(body: dict, keys) -> dict:
    return {name: type(body[name]) for name in keys}


def written(article, text="The council has decided, and the heaps come in April."):
    job = running_job(services.WRITE, {"article_id": str(article.pk)})
    with transaction.atomic():
        store(locked(article.pk), source="ai", text=text, provider="openai", model="ok", job_id=job.id)


@pytest.fixture
def anybody() -> Client:
    """curl sends no token."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("slash", ["", "/"])
def test_curl_x_post_generate_commentary(anybody, slash):
    article = make_article()
    answer = anybody.post(f"/api/articles/{article.pk}/generate-commentary{slash}")
    body = answer.json()
    assert answer.status_code == 202
    assert types(body, QUEUED) == QUEUED
    assert (body["status"], body["message"]) == ("queued", "AI is generating commentary in the background.")
    assert body["articleId"] == str(article.pk)
    assert body["estimatedWaitTime"] == "10-30 seconds"
    assert (answer["Location"], answer["Retry-After"]) == (f"/api/articles/{article.pk}/commentary-status", "2")
    assert Job.objects.get().pk.hex == body["jobId"].replace("-", "")


def test_curl_generate_commentary_that_exists(anybody):
    article = make_article()
    written(article)
    answer = anybody.post(f"/api/articles/{article.pk}/generate-commentary")
    body = answer.json()
    assert answer.status_code == 200
    assert types(body, ("status", "commentary", "generatedAt", "source")) == dict.fromkeys(body, str)
    assert (body["status"], body["source"]) == ("ready", "ai")
    assert body["generatedAt"].endswith("Z")


@pytest.mark.parametrize("slash", ["", "/"])
def test_curl_commentary_status(anybody, slash):
    article = make_article()
    path = f"/api/articles/{article.pk}/commentary-status{slash}"
    assert anybody.get(path).json() == {"ready": False, "commentary": None, "generatedAt": None, "source": None}
    written(article)
    body = anybody.get(path).json()
    assert types(body, STATUS) == STATUS and set(body) == set(STATUS)
    assert (body["ready"], body["source"]) == (True, "ai")


def test_the_status_of_one_that_is_being_written(anybody):
    article = make_article()
    job = anybody.post(f"/api/articles/{article.pk}/generate-commentary").json()["jobId"]
    path = f"/api/articles/{article.pk}/commentary-status"
    waiting = anybody.get(path)
    assert waiting["Retry-After"] == "2"
    assert waiting.json() == {
        **{"ready": False, "commentary": None, "generatedAt": None, "source": None},
        **{"jobId": job, "state": "waiting", "progress": 0, "position": 1},
    }
    Job.objects.filter(pk=claimed(Job.objects.get()).pk).update(progress=1, total=2)
    active = anybody.get(path).json()
    assert (active["state"], active["progress"], active["position"]) == ("active", 50, None)


@pytest.mark.parametrize("slash", ["", "/"])
def test_curl_queue_stats(anybody, slash):
    first, second = make_article(title="First"), make_article(published_at="2026-11-01T00:00:00Z", title="Second")
    for article in (second, first):
        anybody.post(f"/api/articles/{article.pk}/generate-commentary")
    body = anybody.get(f"/api/articles/queue/stats{slash}").json()
    assert types(body, STATS) == STATS and set(body) == set(STATS)
    assert types(body["counts"], COUNTS) == COUNTS and set(body["counts"]) == set(COUNTS)
    assert body["counts"]["waiting"] == 2
    assert body["health"] in ("healthy", "degraded", "unhealthy")
    assert [(job["title"], job["articleId"], job["position"]) for job in body["upcomingJobs"]] == [
        ("First", str(first.pk), 1),
        ("Second", str(second.pk), 2),
    ]
    assert set(body["upcomingJobs"][0]) == {"jobId", "articleId", "title", "priority", "position"}


@pytest.mark.parametrize("slash", ["", "/"])
def test_curl_cache_stats(anybody, slash):
    article = make_article()
    anybody.get(f"/api/articles/{article.pk}"), anybody.get(f"/api/articles/{article.pk}")
    body = anybody.get(f"/api/articles/cache/stats{slash}").json()
    assert (body["hits"], body["misses"], body["hitRate"], body["available"]) == (1, 1, 0.5, True)
    assert body["keys"] == {"article:*:view": 1}
    assert body["ttl"].items() >= {"commentary": 86400, "article": 300}.items()
    assert body["memory"] > 0


@pytest.mark.parametrize("slash", ["", "/"])
def test_curl_health_check(anybody, slash):
    answer = anybody.get(f"/api/articles/health-check{slash}")
    checks = answer.json()["checks"]
    assert (answer.status_code, answer.json()["status"]) == (503, "failed")
    assert {name: part["ok"] for name, part in checks.items()} == {
        **{"database": True, "broker": True, "cache": True},
        **{"workers": False, "provider": False},
    }
    assert all(bool(part["reason"]) != part["ok"] for part in checks.values())


def test_the_frontend_that_polls_until_it_is_ready(anybody, openai):
    article = make_article()
    anybody.post(f"/api/articles/{article.pk}/generate-commentary")
    path = f"/api/articles/{article.pk}/commentary-status"
    assert anybody.get(path).json()["ready"] is False
    writing.write_commentary(article_id=str(article.pk), job=RunningJob(claimed(Job.objects.get())))
    body = anybody.get(path).json()
    assert (body["ready"], body["source"]) == (True, "ai")
    assert len(body["commentary"].split()) > 60


@pytest.mark.parametrize("what", ["YOUR_ARTICLE_ID", "01900000-0000-7000-8000-000000000000"])
def test_an_unknown_article_is_not_found(anybody, what):
    for answer in (
        anybody.post(f"/api/articles/{what}/generate-commentary"),
        anybody.get(f"/api/articles/{what}/commentary-status"),
    ):
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert not Job.objects.exists()
