"""What the seed does not show: several articles at once, votes, health, who may do what."""

import json
import uuid

import pytest
from django.test import Client

from aiproviders import shared
from config.models import ApiToken
from content.articles.commentary import health
from content.articles.commentary.selectors import wait_of
from content.articles.models import Article, Commentary, Vote
from queues import clock, control
from queues.models import Dispatcher, Job
from tests.content.articles.reader import make_article
from tests.factories import make_worker

pytestmark = pytest.mark.django_db(transaction=True)
BATCH = "/api/articles/generate-commentary"


@pytest.fixture
def api(django_user_model) -> Client:
    user = django_user_model.objects.create_user("client")
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})


def post(client: Client, path: str, body: dict):
    return client.post(path, json.dumps(body), content_type="application/json")


def said(article: Article, source: str = "ai") -> Commentary:
    row = Commentary.objects.create(
        article=article, text="x", source=source, variant="plain", prompt_version="1", generated_at=clock.now()
    )
    Article.objects.filter(pk=article.pk).update(commentary=row)
    return row


@pytest.mark.parametrize("slash", ["", "/"])
def test_several_articles_are_one_batch(api, slash):
    articles = [make_article(title=f"No {number}") for number in range(3)]
    said(articles[0])
    ids = [str(article.pk) for article in articles]
    answer = post(api, BATCH + slash, {"articleIds": [*ids, ids[1]]})
    body = answer.json()
    assert answer.status_code == 202 and answer["Location"] == f"/api/jobs/{body['jobId']}"
    assert (body["status"], body["message"]) == ("queued", "2 of 3 are being written in the background.")
    assert [(entry["articleId"], entry["status"]) for entry in body["articles"]] == [
        (ids[0], "ready"),
        (ids[1], "queued"),
        (ids[2], "queued"),
    ]
    assert body["estimatedSeconds"] == 20 and "seconds" in body["estimatedWaitTime"]
    parent = Job.objects.get(pk=body["jobId"])
    assert wait_of(parent.children.first(), 60)["estimatedSeconds"] == 20 + 5 * 60  # 10 starts a minute
    control.pause(parent.children.first().queue, by="ada", reason="provider down")
    assert wait_of(parent.children.first()) == {"estimatedWaitTime": "unknown", "estimatedSeconds": None}
    assert {str(job.pk) for job in parent.children.all()} == {entry["jobId"] for entry in body["articles"]} - {None}
    assert api.get(answer["Location"]).json()["state"] == "waiting"


def test_a_batch_that_is_there_already_is_answered_at_once(api):
    article = make_article()
    said(article)
    answer = post(api, BATCH, {"articleIds": [str(article.pk)]})
    assert (answer.status_code, answer.json()["status"], answer.json()["jobId"]) == (200, "ready", None)
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "body",
    [{}, {"articleIds": []}, {"articleIds": "x"}, {"articleIds": ["x"]}, {"articleIds": [None]}, [], "x"]
    + [{"articleIds": [str(uuid.UUID(int=number)) for number in range(101)]}, {"articleIds": [str(uuid.UUID(int=7))]}],
)
def test_a_wrong_batch_asks_for_nothing(api, body):
    make_article()
    answer = post(api, BATCH, body)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert not Job.objects.exists()


def test_a_batch_and_a_vote_need_a_token(client):
    article = make_article()
    said(article)
    assert post(client, BATCH, {"articleIds": [str(article.pk)]}).status_code == 401
    assert post(client, f"/api/articles/{article.pk}/vote", {"helpful": True}).status_code == 401
    assert not Job.objects.exists() and not Vote.objects.exists()


def test_a_client_votes_and_the_last_word_counts(api):
    article = make_article()
    path = f"/api/articles/{article.pk}/vote"
    assert post(api, path, {"helpful": True}).status_code == 404
    said(article)
    for helpful in (True, False):
        assert post(api, path, {"helpful": helpful}).status_code == 204
    assert post(api, path, {"helpful": "perhaps"}).status_code == 400
    assert Vote.objects.get().helpful is False


def test_a_fallback_is_ready_and_can_be_asked_for_again(client):
    article = make_article()
    said(article, "fallback")
    status = client.get(f"/api/articles/{article.pk}/commentary-status").json()
    assert (status["ready"], status["source"]) == (True, "fallback")
    assert client.post(f"/api/articles/{article.pk}/generate-commentary").status_code == 202
    status = client.get(f"/api/articles/{article.pk}/commentary-status").json()
    assert (status["source"], status["state"]) == ("fallback", "waiting")


def test_a_refused_token_is_not_taken_for_nobody(client):
    article = make_article()
    headers = {"Authorization": "Bearer cd_wrong"}
    assert client.post(f"/api/articles/{article.pk}/generate-commentary", headers=headers).status_code == 401
    assert not Job.objects.exists()


def test_all_is_well_with_a_worker_a_dispatcher_and_a_model(client, fake):
    make_worker()
    Dispatcher.objects.create(ticked_at=clock.now())
    answer = client.get("/api/articles/health-check")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert {part["reason"] for part in answer.json()["checks"].values()} == {""}
    assert client.get("/api/articles/queue/stats").json()["health"] == "healthy"
    assert fake.requests == []


def test_a_paused_queue_is_degraded_and_one_without_a_dispatcher_unhealthy(client):
    make_worker()
    dispatcher = Dispatcher.objects.create(ticked_at=clock.now())
    control.pause("commentary", by="ada", reason="The text of the prompt is being changed.")
    assert client.get("/api/articles/queue/stats").json()["health"] == "degraded"
    dispatcher.delete()
    assert client.get("/api/articles/queue/stats").json()["health"] == "unhealthy"


def test_a_cache_that_is_away_is_said(client, monkeypatch):
    monkeypatch.setattr(shared, "_silent_until", float("inf"))
    assert health.check()["cache"]["ok"] is False
    stats = client.get("/api/articles/cache/stats").json()
    assert (stats["available"], stats["hits"], stats["hitRate"], stats["memory"]) == (False, 0, None, None)
    article = make_article()
    assert client.get(f"/api/articles/{article.pk}").status_code == 200
    assert client.post(f"/api/articles/{article.pk}/generate-commentary").status_code == 202


def test_an_unknown_model_is_said_without_its_key(settings):
    settings.AI_MODEL, settings.OPENAI_API_KEY = "nobody/none", "sk-secret"
    part = health.check()["provider"]
    assert part["ok"] is False and "sk-secret" not in part["reason"]
