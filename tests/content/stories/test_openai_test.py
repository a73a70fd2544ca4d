import datetime

import pytest
from rest_framework.test import APIClient

from aiproviders import keys
from config.models import ApiToken
from content.stories import openai_test
from queues import clock
from queues.models import Job
from tests.aiproviders.conftest import KEY
from tests.processes import wait_until

URL = "/api/stories/scoring/openai/test"


@pytest.fixture
def api(ada) -> APIClient:
    client = APIClient()
    client.force_authenticate(ada)
    return client


def test_without_a_key_it_says_so_at_once(api):
    answer = api.get(URL)

    assert answer.status_code == 200
    assert answer.json() == {
        "success": False,
        "data": {
            "configured": False, "status": "failed", "reason": "There is no key to check. Save one first.",
            "errorKind": "no_key", "latency": None, "checkedAt": None, "jobId": None,
        },
    }  # fmt: skip
    assert not Job.objects.exists()


def test_a_test_is_one_job_however_often_one_asks(api, ada, settings):
    settings.OPENAI_API_KEY = KEY

    answers = [api.get(path) for path in (URL, f"{URL}/", URL)]

    job = Job.objects.get()
    assert {answer.status_code for answer in answers} == {202}
    assert answers[0].headers["Retry-After"] == "2"
    assert answers[0].json()["success"] is True
    data = answers[0].json()["data"]
    assert (data["configured"], data["status"], data["jobId"]) == (True, "checking", str(job.pk))
    assert (job.queue, job.args, job.owner) == ("checks", {"user_id": ada.pk}, ada)


@pytest.mark.parametrize(
    ("result", "status", "words"),
    [
        ({"ok": True, "kind": "", "milliseconds": 41}, "ok", ""),
        ({"ok": False, "kind": "auth", "milliseconds": 40}, "failed", "The provider refused this key."),
    ],
)
def test_what_was_found_just_now_is_told_and_later_asked_again(api, settings, result, status, words):
    settings.OPENAI_API_KEY = KEY
    api.get(URL)
    Job.objects.update(state="completed", result=result, finished_at=clock.now())

    answer = api.get(URL)

    assert answer.status_code == 200
    assert answer.json()["success"] is (status == "ok")
    data = answer.json()["data"]
    assert (data["status"], data["latency"], data["errorKind"]) == (status, result["milliseconds"], result["kind"])
    assert data["reason"].startswith(words)
    assert KEY not in answer.content.decode()
    Job.objects.update(finished_at=clock.now() - datetime.timedelta(seconds=11))
    assert api.get(URL).status_code == 202
    assert Job.objects.count() == 2


def test_a_test_that_was_lost_has_failed(api, settings):
    settings.OPENAI_API_KEY = KEY
    api.get(URL)
    Job.objects.update(state="failed", finished_at=clock.now())

    assert api.get(URL).json()["data"]["reason"] == "The check did not finish. Check again."


def test_anonymous_callers_are_told_of_the_houses_key_once_a_minute(client, db, settings):
    settings.OPENAI_API_KEY = KEY
    assert [client.get(URL).status_code for _ in range(2)] == [202, 202]
    job = Job.objects.get()
    assert (job.args, job.owner) == ({"user_id": None}, None)
    Job.objects.update(state="completed", result={"ok": True, "kind": "", "milliseconds": 41}, finished_at=clock.now())
    Job.objects.update(finished_at=clock.now() - datetime.timedelta(seconds=50))
    assert client.get(URL).json()["data"]["status"] == "ok"
    Job.objects.update(finished_at=clock.now() - datetime.timedelta(seconds=61))
    assert client.get(URL).status_code == 202


@pytest.mark.parametrize("lent_to", ["staff", "nobody"])
def test_anonymous_callers_cannot_have_a_key_tested_that_is_not_lent_to_everybody(client, db, settings, lent_to):
    settings.OPENAI_API_KEY, settings.AI_HOUSE_KEYS_FOR = KEY, lent_to
    assert client.get(URL).json()["data"]["configured"] is False
    assert not Job.objects.exists()


def test_the_house_is_asked_with_its_own_key(db, openai):
    assert openai_test.run(user_id=None)["ok"] is True
    assert [request["key"] for request in openai.requests] == [KEY]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("key", "success"), [("sk-good-of-ada", True), ("sk-wrong-of-ada", False)])
def test_a_real_worker_asks_the_provider_with_the_users_own_key(client, start_worker, openai, ada, key, success):
    start_worker(OPENAI_BASE_URL=openai.url, OPENAI_API_KEY=KEY)
    keys.save("openai", key, user=ada)
    headers = {"Authorization": f"Bearer {ApiToken.objects.issue(user=ada)}"}
    answers = []

    def told() -> bool:
        answers.append(client.get(URL, headers=headers))
        return answers[-1].status_code == 200

    wait_until(told)

    assert answers[0].status_code == 202
    assert answers[-1].json()["success"] is success
    assert [request["key"] for request in openai.requests] == [key]
