"""Every request and every JSON example of the users' own document about recommendations: keys and types as there.

Values differ: ids are real ones, numbers are computed, times are those of the run.
"""

import json
import uuid
from datetime import datetime

import pytest

from content.recommendations.models import Recommendation
from queues.models import Job
from tests.content.recommendations.builders import SEED, attempt
from tests.content.stories.test_seed import assert_like
from tests.factories import make_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ASKED = {
    "requestId": "job_1234567890_abcdef",
    "status": "pending",
    "message": "Recommendation generation started. Use /api/results/{requestId} to check progress.",
    "estimatedTime": "30-60 seconds",
}
PROCESSING = {
    "requestId": "job_1234567890_abcdef",
    "status": "processing",
    "message": "Recommendation generation in progress...",
    "createdAt": "2024-01-15T10:30:00.000Z",
    "updatedAt": "2024-01-15T10:30:15.000Z",
}
COMPLETED = {
    "requestId": "job_1234567890_abcdef",
    "status": "completed",
    "result": {"recommendations": [], "reasoning": "...", "portfolioProjections": {}},
    "createdAt": "2024-01-15T10:30:00.000Z",
    "updatedAt": "2024-01-15T10:31:45.000Z",
}


def ask(client, **changes) -> dict:
    answer = client.post("/api/recommendations", json.dumps(SEED | changes), content_type="application/json")
    assert answer.status_code == 202
    return answer.json()


@pytest.mark.parametrize("slash", ["", "/"])
def test_submitting_a_request(client, slash):
    answer = client.post(f"/api/recommendations{slash}", json.dumps(SEED), content_type="application/json")
    assert answer.status_code == 202
    told = answer.json()
    assert_like(told, ASKED)
    assert uuid.UUID(told["requestId"]) and told["status"] == "pending"
    assert told["message"] == ASKED["message"].replace("{requestId}", told["requestId"])
    assert told["estimatedTime"].endswith(" seconds")


@pytest.mark.parametrize("slash", ["", "/"])
def test_polling_as_the_documents_client_does(client, fake, slash):
    request_id = ask(client)["requestId"]
    address = f"/api/results/{request_id}{slash}"
    assert client.get(address).json()["status"] == "pending"

    Job.objects.update(state="active")
    told = client.get(address).json()
    assert_like(told, PROCESSING)
    assert (told["status"], told["message"]) == ("processing", PROCESSING["message"])

    Job.objects.update(state="waiting")
    attempt(Recommendation.objects.get(pk=request_id))
    told = client.get(address).json()
    assert_like(told, COMPLETED)
    assert (told["requestId"], told["status"]) == (request_id, "completed")
    assert told["result"]["recommendations"]
    for name in ("createdAt", "updatedAt"):
        assert told[name].endswith("Z") and datetime.fromisoformat(told[name])


def test_a_failed_request_has_an_error_that_a_client_can_show(client, fake):
    request_id = ask(client, sectors=["Healthcare"])["requestId"]
    attempt(Recommendation.objects.get(pk=request_id))
    told = client.get(f"/api/results/{request_id}").json()
    assert told["status"] == "failed" and isinstance(told["error"], str) and told["error"]


@pytest.mark.parametrize("slash", ["", "/"])
def test_checking_whether_the_worker_runs(client, slash):
    make_worker()
    told = client.get(f"/api/results/health{slash}").json()
    assert_like(told, {"status": "healthy", "workerAlive": True, "depth": 0, "workers": []})


def test_three_are_worked_on_at_once(settings):
    assert settings.QUEUES["recommendations"]["concurrency"] == 3
