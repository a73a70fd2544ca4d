import datetime

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from aiproviders import keys
from aiproviders.models import AICall, AIKey, AISettings, LanguageModel
from config.models import ApiToken
from queues.models import Job
from tests.config.ai_settings.conftest import CANARY

URL = "/api/user/ai-settings"


def key_of(answer, provider="openai") -> dict:
    return next(line for line in answer.json()["keys"] if line["provider"] == provider)


def test_a_new_user_has_the_houses_choice_and_can_choose_from_the_catalogue(api, settings):
    settings.OPENAI_API_KEY = "sk-of-the-house"

    answer = api.get(URL)

    found = answer.json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert (found["preferredModel"], found["fallbacks"], found["dailyLimit"]) == ("", [], None)
    assert found["houseModel"] == {"id": "openai/gpt-6-luna", "label": "OpenAI gpt-6-luna", "isDemo": False}
    luna = next(model for model in found["models"] if model["id"] == "openai/gpt-6-luna")
    assert luna["providerName"] == "OpenAI"
    assert (luna["usable"], luna["inputPrice"], luna["outputPrice"]) == (True, "0.100000", "0.500000")
    assert key_of(answer) == {
        "provider": "openai", "providerName": "OpenAI", "isSet": False, "lastFour": None, "addedAt": None,
        "lastUsedAt": None, "check": "none", "lastCheckedAt": None, "errorKind": "", "advice": "", "housePays": True,
    }  # fmt: skip
    assert not AISettings.objects.exists()


def test_what_is_saved_is_read_back(api, ada):
    wishes = {
        "preferredModel": "openai/gpt-6.1-terra",
        "fallbacks": ["openai/gpt-6-luna", "openai/gpt-6.1-sol"],
        "dailyLimit": "2.50",
        "keys": {"openai": f"  {CANARY}\n"},
    }

    answers = [api.post(URL, wishes, format="json"), api.get(URL)]

    for answer in answers:
        assert answer.status_code == 200
        found = answer.json()
        assert (found["preferredModel"], found["fallbacks"]) == (wishes["preferredModel"], wishes["fallbacks"])
        assert found["dailyLimit"] == "2.50"
        assert (key_of(answer)["isSet"], key_of(answer)["lastFour"]) == (True, "c0d2")
        assert key_of(answer)["addedAt"].endswith("Z")
        assert CANARY not in answer.content.decode()
    assert keys.resolve("openai", user=ada).secret.reveal() == CANARY


def test_an_absent_field_stays_as_it_is(api, ada):
    api.post(URL, {"preferredModel": "openai/gpt-6-luna", "dailyLimit": 3}, format="json")

    api.post(URL, {"fallbacks": ["openai/gpt-6.1-sol"]}, format="json")

    row = AISettings.objects.get(user=ada)
    assert (row.preferred_model, row.fallbacks, row.daily_limit) == ("openai/gpt-6-luna", ["openai/gpt-6.1-sol"], 3)


@pytest.mark.parametrize(("sent", "stays"), [("", True), ("  ", True), (None, False)])
def test_an_empty_key_is_kept_and_null_removes_it(api, ada, sent, stays):
    keys.save("openai", CANARY, user=ada)

    assert api.post(URL, {"keys": {"openai": sent}}, format="json").status_code == 200

    assert AIKey.objects.filter(user=ada).exists() is stays


def test_the_documents_own_names_are_understood(api, ada):
    body = {"preferredAiModel": "gpt-4o", "openaiApiKey": CANARY}

    assert api.post(URL, body, format="json").json()["preferredModel"] == "openai/gpt-4o"
    assert keys.resolve("openai", user=ada).secret.reveal() == CANARY


def test_a_retired_model_gives_its_successor_and_says_so(api):
    found = api.post(URL, {"preferredModel": "gpt-4"}, format="json").json()

    assert found["preferredModel"] == "openai/gpt-6.1-sol"
    assert "GPT-4 (gpt-4) is retired" in found["notices"][0]


@pytest.mark.parametrize(("days", "said", "offered"), [(0, "is retired since", []), (30, "retires on", ["retiring"])])
def test_the_end_of_a_chosen_model_is_said(api, ada, days, said, offered):
    AISettings.objects.create(user=ada, preferred_model="openai/gpt-6-luna")
    end = timezone.now().date() + datetime.timedelta(days=days)
    LanguageModel.objects.filter(model="gpt-6-luna").update(retires_on=end)

    found = api.get(URL).json()

    assert f"GPT-6 Luna {said}" in found["notices"][0]
    assert [model["status"] for model in found["models"] if model["id"] == "openai/gpt-6-luna"] == offered


def test_what_was_spent_today_is_told(api, ada):
    bob = get_user_model().objects.create_user("bob")
    for user, hours, cost in ((ada, 0, "0.25"), (ada, 0, "0.50"), (ada, 25, "9"), (bob, 0, "7")):
        call = AICall.objects.create(
            provider="openai", model_asked="x", outcome="ok", milliseconds=1, prices_version="1", user=user, cost=cost
        )
        AICall.objects.filter(pk=call.pk).update(created_at=timezone.now() - datetime.timedelta(hours=hours))

    assert api.get(URL).json()["spentToday"] == "0.75000000"


WRONG = [
    ({"preferredModel": "openai/nobody-knows"}, "/preferredModel"),
    ({"preferredModel": "nobody/knows"}, "/preferredModel"),
    ({"preferredModel": CANARY}, "/preferredModel"),
    ({"preferredModel": ["x"]}, "/preferredModel"),
    ({"preferredModel": "x\0"}, "/preferredModel"),
    ({"preferredModel": "local"}, "/preferredModel"),
    ({"preferredModel": "extract"}, "/preferredModel"),
    ({"fallbacks": ["openai/gpt-6-luna", "x/y"]}, "/fallbacks/1"),
    ({"fallbacks": "openai/gpt-6-luna"}, "/fallbacks"),
    ({"fallbacks": [None]}, "/fallbacks/0"),
    ({"fallbacks": ["openai/gpt-6-luna"] * 6}, "/fallbacks"),
    ({"dailyLimit": "-1"}, "/dailyLimit"),
    ({"dailyLimit": "much"}, "/dailyLimit"),
    ({"dailyLimit": "NaN"}, "/dailyLimit"),
    ({"dailyLimit": "1.005"}, "/dailyLimit"),
    ({"dailyLimit": 10**12}, "/dailyLimit"),
    ({"keys": {"openai": f"{CANARY} {CANARY}"}}, "/keys/openai"),
    ({"keys": {"openai": f"{CANARY}\nX: 1"}}, "/keys/openai"),
    ({"keys": {"openai": f"{CANARY}\0"}}, "/keys/openai"),
    ({"keys": {"openai": CANARY + "ü"}}, "/keys/openai"),
    ({"keys": {"openai": CANARY * 100}}, "/keys/openai"),
    ({"keys": {"openai": {"key": CANARY}}}, "/keys/openai"),
    ({"keys": {CANARY: "x" * 20}}, "/keys/unknown"),
    ({"keys": {"local": "x" * 20}}, "/keys/unknown"),
    ({"keys": {CANARY: {"x": 1}}}, "/keys/unknown"),
    ({"keys": {"\0": 1}}, "/keys"),
    ({"keys": [CANARY]}, "/keys"),
    ({"openaiApiKey": f"{CANARY} {CANARY}", "keys": {}}, "/openaiApiKey"),
    ({"geminiApiKey": f"{CANARY} {CANARY}"}, "/geminiApiKey"),
]


@pytest.mark.parametrize(("wrong", "pointer"), WRONG)
def test_a_wrong_field_is_named_nothing_is_stored_and_nothing_repeated(api, caplog, wrong, pointer):
    good = {"preferredModel": "openai/gpt-6-luna", "dailyLimit": 5, "keys": {"openai": "sk-good-good"}}

    answer = api.post(URL, good | wrong, format="json")

    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
    assert CANARY not in answer.content.decode() + caplog.text
    assert not AISettings.objects.exists()
    assert not AIKey.objects.exists()


def test_the_documents_own_name_of_the_model_is_named_when_it_is_wrong(api):
    answer = api.post(URL, {"preferredAiModel": "nobody/knows"}, format="json")

    assert [error["pointer"] for error in answer.json()["errors"]] == ["/preferredAiModel"]
    assert not AISettings.objects.exists()


def test_an_answer_that_is_no_object_is_refused(api):
    assert api.post(URL, [1], format="json").status_code == 400
    assert api.post(URL, "{", content_type="application/json").status_code == 400


def test_others_settings_and_keys_are_not_seen(api, ada):
    bob = get_user_model().objects.create_user("bob")
    keys.save("openai", CANARY, user=bob)
    AISettings.objects.create(user=bob, preferred_model="openai/gpt-6.1-sol")

    answer = api.get(URL)

    assert answer.json()["preferredModel"] == ""
    assert not key_of(answer)["isSet"]


def test_who_may_ask(ada, client):
    assert client.get(URL).status_code == 401
    assert client.get(URL).headers["WWW-Authenticate"].startswith("Bearer")
    token = ApiToken.objects.issue(user=ada)
    for path in (URL, f"{URL}/"):
        assert client.get(path, headers={"Authorization": f"Bearer {token}"}).status_code == 200
    session = Client(enforce_csrf_checks=True)
    session.force_login(ada)
    assert session.get(URL).status_code == 200
    assert session.post(URL, {"dailyLimit": 1}, content_type="application/json").status_code == 403
    assert not AISettings.objects.exists()


def test_a_check_is_a_job(api, ada):
    keys.save("openai", CANARY, user=ada)

    answers = [api.post(f"{URL}/keys/openai/check") for _ in range(2)]

    job = Job.objects.get()
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json()["id"] == str(job.pk)
    assert answers[0].headers["Location"] == f"/api/jobs/{job.pk}"
    assert (job.queue, job.args, job.owner) == ("checks", {"provider": "openai", "user_id": ada.pk}, ada)
    assert key_of(api.get(URL))["check"] == "checking"


@pytest.mark.parametrize("provider", ["openai", "local", "nobody"])
def test_without_an_own_key_there_is_nothing_to_check(api, settings, provider):
    settings.OPENAI_API_KEY = "sk-of-the-house"

    assert api.post(f"{URL}/keys/{provider}/check").status_code == 404
    assert not Job.objects.exists()
