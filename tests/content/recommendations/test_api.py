"""The API: what is refused, who may read, what is told meanwhile and afterwards."""

import datetime
import json
import uuid

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from content.recommendations import services
from content.recommendations.models import Recommendation
from queues import clock, control
from queues.models import Job, Worker
from tests.config.api.clients import client_of
from tests.content.recommendations.builders import SEED, answered, attempt, make_request
from tests.factories import make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.database]
computing = pytest.mark.django_db(transaction=True)  # no model may be asked inside a transaction


def post(client, body: object) -> object:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post("/api/recommendations", text, content_type="application/json")


def result(client, row: Recommendation):
    return client.get(f"/api/results/{row.pk}")


WRONG = [
    *(("riskTolerance", value) for value in (0, 11, "high", "7", True, 5.5, None, [7], 10**30)),
    *(("capitalAvailable", value) for value in (-1, 0, 1e300, float("nan"), float("inf"), "Infinity", "NaN", "10")),
    *(("capitalAvailable", value) for value in (True, None, 10**400, 1.1e12)),
    *(("timeHorizon", value) for value in ("soon", "", 5, None, ["short"])),
    *(("sectors", value) for value in ([], "Technology", None, ["Magic"], ["Technology"] * 2, [7], [["Technology"]])),
    ("sectors", ["Technology"] * 500),
    ("sectors", [f"Sector {number}" for number in range(500)]),
    ("sectors", ["Technology", "\u0000"]),
]


@pytest.mark.parametrize(("name", "value"), WRONG, ids=[f"{name}-{str(value)[:20]}" for name, value in WRONG])
def test_a_wrong_value_is_named_and_nothing_is_stored(client, name, value):
    answer = post(client, SEED | {name: value})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert {error["pointer"].split("/")[1] for error in answer.json()["errors"]} == {name}
    assert not Recommendation.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize("name", SEED)
def test_a_missing_value_is_named_and_nothing_is_stored(client, name):
    answer = post(client, {key: value for key, value in SEED.items() if key != name})
    assert answer.status_code == 400
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"/{name}"]
    assert not Recommendation.objects.exists() and not Job.objects.exists()


def test_every_wrong_field_is_named_at_once(client):
    answer = post(client, {"riskTolerance": 0, "capitalAvailable": -1, "timeHorizon": "x", "sectors": []})
    assert {error["pointer"] for error in answer.json()["errors"]} == {f"/{name}" for name in SEED}


def test_asking_leads_to_the_result(client):
    answer = post(client, SEED)
    told = answer.json()
    assert answer.status_code == 202
    assert answer["Location"] == f"/api/results/{told['requestId']}" and answer["Retry-After"] == "2"
    row, job = Recommendation.objects.get(), Job.objects.get()
    assert (str(row.pk), told["jobId"], told["status"]) == (told["requestId"], str(job.pk), "pending")
    assert uuid.UUID(told["requestId"]).version == 4
    assert job.args == {"recommendation_id": told["requestId"]} and job.queue == "recommendations"
    assert client.get(answer["Location"]).json()["status"] == "pending"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"state": "waiting"}, "pending"),
        ({"state": "dispatched"}, "pending"),
        ({"state": "active"}, "processing"),
        ({"state": "delayed", "started_at": Now()}, "processing"),
        ({"state": "waiting", "started_at": Now()}, "processing"),
        ({"state": "failed", "error_kind": "no_prices"}, "failed"),
        ({"state": "cancelled"}, "failed"),
    ],
)
def test_the_state_follows_the_job(client, changes, status):
    row = make_request()
    Job.objects.update(**changes)
    answer = result(client, row)
    told = answer.json()
    assert (answer.status_code, told["status"]) == (200, status)
    assert ("error" in told) == (status == "failed") and "result" not in told
    assert ("Retry-After" in answer) == (status != "failed")
    assert ("message" in told) == (status != "failed")


@computing
def test_an_error_says_what_to_do(client):
    row = make_request(sectors=["Energy"])
    attempt(row)
    told = result(client, row).json()
    assert (told["status"], told["errorKind"]) == ("failed", "no_prices")
    assert "other sectors" in told["error"]


@computing
def test_an_answer_is_whole_and_never_without_its_notice(client, fake):
    told = result(client, answered()).json()
    made = told["result"]
    assert told["status"] == "completed" and told["expiresAt"] > told["updatedAt"] > told["createdAt"]
    assert "not investment advice" in made["disclaimer"].lower()
    assert made["market"] == {"source": "sample", "asOf": "2013-03-01", "isSample": True}
    assert made["writtenBy"] == {
        "source": "template",
        "model": None,
        "label": "Written from a template, not by AI",
    }
    assert sum(line["weight"] for line in made["recommendations"]) == pytest.approx(1, abs=1e-9)
    assert made["portfolioProjections"]["assumptions"]


@computing
def test_an_answer_stays_when_its_job_is_forgotten(client, fake):
    row = answered()
    Job.objects.all().delete()
    assert result(client, row).json()["status"] == "completed"


@computing
def test_what_a_client_asked_for_is_read_by_that_client_and_staff_alone(client, api, fake, ada):
    assert post(api, SEED).status_code == 202
    row = Recommendation.objects.get(owner=ada)
    attempt(row)
    assert result(api, row).status_code == 200
    assert result(client_of("ops", staff=True), row).status_code == 200
    unknown = Recommendation(pk=uuid.uuid4())
    for stranger in (client, client_of("bob")):
        refused, nothing = result(stranger, row), result(stranger, unknown)
        assert refused.status_code == nothing.status_code == 404
        assert refused.content == nothing.content


def test_another_ones_costs_as_many_queries_as_an_unknown_one(client, ada):
    theirs = make_request(ada)
    counts = []
    for row in (theirs, Recommendation(pk=uuid.uuid4())):
        with CaptureQueriesContext(connection) as queries:
            result(client, row)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 2


def test_what_a_stranger_asked_for_is_read_by_whoever_knows_its_id(client, api):
    row = make_request()
    assert result(client, row).status_code == result(api, row).status_code == 200


@pytest.mark.parametrize("wrong", ["job_1234567890_abcdef", "1", "00000000-0000-0000-0000-00000000000g", "%00", "é"])
def test_an_id_that_is_none_is_not_found(client, wrong):
    answer = client.get(f"/api/results/{wrong}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@computing
def test_after_its_time_an_answer_is_gone_and_the_words_say_why(client, fake, settings):
    row = answered()
    Recommendation.objects.update(expires_at=clock.now())
    answer = result(client, row)
    assert answer.status_code == 404
    assert answer.json()["detail"] == "There is no such request. Results are deleted after 24 hours."
    assert result(client_of("ops", staff=True), row).status_code == 404


def test_strangers_and_clients_may_ask_ten_times_a_minute(client, settings):
    settings.API_LIMITS = settings.API_LIMITS | {"recommendations": 2}
    answers = [post(client, SEED) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert "Retry-After" in answers[2]
    assert Recommendation.objects.count() == Job.objects.count() == 2


def test_the_same_key_asks_once(client):
    key = {"Idempotency-Key": "one"}
    answers = [
        client.post("/api/recommendations", json.dumps(SEED), content_type="application/json", headers=key)
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json() and Recommendation.objects.count() == 1


@computing
def test_reading_takes_as_many_queries_with_fifty_requests_as_with_one(client, fake):
    row = answered()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            result(client, row)
        return len(queries)

    one = count()
    for _ in range(50):
        make_request()
    assert count() == one <= 3


def test_health_without_a_worker_is_503(client):
    make_request()
    answer = client.get("/api/results/health")
    told = answer.json()
    assert (answer.status_code, told["status"], told["workerAlive"]) == (503, "unhealthy", False)
    assert (told["depth"], told["active"], told["workers"]) == (1, 0, [])
    assert told["oldestWaitingSeconds"] >= 0


def test_health_tells_the_memory_of_each_worker_and_its_name_to_staff(client):
    for name in ("one", "two"):
        worker = make_worker(name=name)
        Worker.objects.filter(pk=worker.pk).update(rss=145_000_000)
    silent = make_worker(name="three")
    Worker.objects.filter(pk=silent.pk).update(last_seen=clock.now() - datetime.timedelta(minutes=1))
    told = client.get("/api/results/health").json()
    assert told["workerAlive"] and [worker["memoryBytes"] for worker in told["workers"]] == [145_000_000] * 2
    assert {worker["name"] for worker in told["workers"]} == {None}
    staff = client_of("ops", staff=True).get("/api/results/health").json()
    assert [worker["name"] for worker in staff["workers"]] == ["one", "two"]


def test_a_paused_queue_is_told(client, monkeypatch):
    make_worker()
    control.pause("recommendations", by="ada", reason="lunch")
    parts = {"broker": True, "worker": True, "dispatcher": True}
    monkeypatch.setattr("queues.stats.health", lambda: parts)
    assert client.get("/api/results/health").json()["status"] == "degraded"


def test_a_service_call_with_wrong_values_stores_nothing_either(db):
    from django.core.exceptions import ValidationError

    wrong = {"risk_tolerance": 11, "capital": -1.0, "time_horizon": "x", "sectors": ["Magic"]}
    with pytest.raises(ValidationError) as refused:
        services.request_recommendations(owner=None, **wrong)
    assert set(refused.value.message_dict) == set(wrong)
    assert not Recommendation.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_other_methods_are_not_allowed(method):
    assert getattr(Client(), method)("/api/recommendations").status_code == 405
