"""One effect and one answer for one Idempotency-Key, over HTTP."""

import datetime
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from aiproviders.models import AISettings
from config.api import claims
from config.models import ApiToken, KeyedAnswer
from orders.models import Order, Payment
from queues.kinds import find
from queues.models import Job
from queues.services import enqueue
from queues.states import JobState
from tests.config.api.clients import PURCHASE, client_of, post
from tests.orders.builders import make_product
from tests.orders.test_api import WISHES

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KEY = "5f1a1f7e-first"
AT_ONCE = 20


@pytest.fixture
def api() -> Client:
    make_product()
    return client_of()


class Killed(BaseException):
    """What no `except Exception` sees, as kill -9."""


def die(*args):
    raise Killed


def code_of(response) -> tuple[int, str]:
    assert response["Content-Type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def outcome(response) -> tuple[int, bytes, str | None]:
    return response.status_code, response.content, response.get("Location")


def test_the_same_key_and_body_have_one_effect_and_the_first_answer(api):
    first, again, slashed = post(api, key=KEY), post(api, key=KEY), post(api, PURCHASE + "/", key=KEY)
    assert first.status_code == 201 and "Idempotency-Replayed" not in first
    assert outcome(again) == outcome(slashed) == outcome(first)
    assert again["Idempotency-Replayed"] == "true"
    assert again["Content-Type"] == "application/json"
    assert Order.objects.count() == Payment.objects.count() == 1


def test_an_answer_of_202_is_repeated_with_where_and_when_to_look():
    api = client_of()
    key = {"keys": {"openai": "sk-test-0123456789abcdef"}}
    assert post(api, "/api/user/ai-settings", key).status_code == 200
    first, again = (post(api, "/api/user/ai-settings/keys/openai/check", "", key=KEY) for _ in range(2))
    assert first.status_code == 202
    assert outcome(again) == outcome(first)
    assert again["Retry-After"] == first["Retry-After"] == "2"


def test_another_body_under_the_key_is_refused_and_has_no_effect(api):
    post(api, key=KEY)
    answer = post(api, body=WISHES | {"topic": "Something else altogether"}, key=KEY)
    assert code_of(answer) == (422, "idempotency_key_reused")
    assert Order.objects.count() == 1


def test_a_key_belongs_to_its_caller_and_endpoint(api):
    other = client_of("bob")
    assert post(api, key=KEY).json()["orderId"] != post(other, key=KEY).json()["orderId"]
    job = enqueue("engine.write", args={"name": "a"}, owner=Order.objects.earliest("created_at").owner)
    assert post(api, f"/api/jobs/{job.pk}/cancel", "", key=KEY).json()["state"] == "cancelled"


def test_a_request_that_was_refused_has_used_up_no_key(api):
    assert post(api, body=WISHES | {"topic": ""}, key=KEY).status_code == 400
    assert not KeyedAnswer.objects.exists() and not Order.objects.exists()
    assert post(api, key=KEY).status_code == 201


def test_a_repeated_cancel_answers_as_the_first(api):
    job = enqueue("engine.write", args={"name": "a"}, owner=ApiToken.objects.get().user)
    first, again = (post(api, f"/api/jobs/{job.pk}/cancel", "", key=KEY) for _ in range(2))
    assert first.status_code == again.status_code == 200
    assert code_of(post(api, f"/api/jobs/{job.pk}/cancel", "")) == (409, "wrong_state")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_while_the_first_request_runs_others_are_told_when_to_come_back(api):
    post(api, key=KEY)
    KeyedAnswer.objects.update(status=None, until=timezone.now() + datetime.timedelta(seconds=60))
    answer = post(api, key=KEY)
    assert code_of(answer) == (409, "idempotency_key_in_use")
    assert answer["Retry-After"] == "1"
    assert Order.objects.count() == 1


def test_a_claim_whose_process_died_is_free_again_after_its_time(api):
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr("config.api.claims.keep", die)
        post(api, key=KEY)
    assert not Order.objects.exists()
    held = KeyedAnswer.objects.get().until - timezone.now()
    assert datetime.timedelta(seconds=55) < held <= datetime.timedelta(seconds=61)
    assert post(api, key=KEY).status_code == 409
    KeyedAnswer.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert post(api, key=KEY).status_code == 201
    assert Order.objects.count() == 1


def test_an_answer_is_forgotten_after_a_day(api):
    post(api, key=KEY)
    until = KeyedAnswer.objects.get().until - timezone.now()
    assert datetime.timedelta(hours=23, minutes=59) < until <= datetime.timedelta(hours=24, seconds=1)
    KeyedAnswer.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert post(api, body=WISHES | {"topic": "Something else altogether"}, key=KEY).status_code == 201


def test_a_mistake_of_ours_leaves_neither_effect_nor_claim(api, monkeypatch):
    api.raise_request_exception = False
    monkeypatch.setattr("orders.api.PurchasedSerializer", lambda answer: 1 / 0)
    assert post(api, key=KEY).status_code == 500
    assert not Order.objects.exists() and not KeyedAnswer.objects.exists()
    monkeypatch.undo()
    assert post(api, key=KEY).status_code == 201


def test_who_was_overtaken_rolls_its_effect_back(api, monkeypatch):
    """A process hangs for longer than its claim holds, and another takes over."""
    real = claims.keep

    def late(claim, response):
        KeyedAnswer.objects.update(claim="another")
        real(claim, response)

    monkeypatch.setattr("config.api.claims.keep", late)
    assert code_of(post(api, key=KEY)) == (409, "idempotency_key_in_use")
    assert not Order.objects.exists()


def test_without_a_database_the_answer_is_503(api, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr("config.api.claims.take", away)
    answer = post(api, key=KEY)
    assert code_of(answer) == (503, "database_away")
    assert answer["Retry-After"] == "5"


@pytest.mark.parametrize("key", ["x" * 256, "a\tb", "é", "\x7f"])
def test_a_key_that_cannot_be_one_is_refused(api, key):
    answer = post(api, key=key)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/Idempotency-Key"
    assert not Order.objects.exists() and not KeyedAnswer.objects.exists()


def test_strangers_leave_nothing_behind(api):
    make_product()
    for headers in ({}, {"Authorization": "Bearer cd_unknown"}, {"Authorization": "Basic eDp5"}):
        assert post(Client(headers=headers), key=KEY).status_code == 401
    assert not KeyedAnswer.objects.exists() and not Order.objects.exists()


def test_neither_the_request_nor_a_customers_link_can_be_read_in_the_table(api):
    purchased = post(api, key=KEY).json()
    row = json.dumps(KeyedAnswer.objects.values().get(), default=str)
    token = purchased["statusUrl"].partition("t=")[2]
    for secret in (KEY, token, purchased["code"], WISHES["topic"], WISHES["email"]):
        assert secret not in row


def test_a_key_of_a_provider_is_neither_stored_nor_repeated():
    api, secret = client_of(), "sk-canary-0123456789abcdefghij"
    body = {"keys": {"openai": secret}}
    first, again = (post(api, "/api/user/ai-settings", body, key=KEY) for _ in range(2))
    assert first.status_code == 200 and first.content == again.content
    assert again["Cache-Control"] == "no-store"
    assert secret not in again.content.decode()
    assert secret not in json.dumps(KeyedAnswer.objects.values().get(), default=str)
    changed = {"keys": {"openai": secret + "x"}, "dailyLimit": "1.00"}
    assert post(api, "/api/user/ai-settings", changed, key=KEY).status_code == 422
    assert not AISettings.objects.exists()


def test_an_answer_that_cannot_be_unsealed_is_not_made_again(api, settings):
    post(api, key=KEY)
    KeyedAnswer.objects.update(answer="not sealed by us")
    assert code_of(post(api, key=KEY)) == (409, "answer_gone")
    assert Order.objects.count() == 1


def test_a_session_has_keys_of_its_own(admin_client):
    make_product()
    first, again = post(admin_client, key=KEY), post(admin_client, key=KEY)
    assert outcome(first) == outcome(again) and Order.objects.count() == 1


def test_a_post_without_a_key_stores_nothing(api):
    job = enqueue("engine.write", args={"name": "a"}, owner=ApiToken.objects.get().user)
    assert post(api, f"/api/jobs/{job.pk}/cancel", "", key=None).status_code == 200
    assert not KeyedAnswer.objects.exists()


def test_what_has_run_out_is_deleted_and_nothing_else(api):
    post(api, key="old")
    KeyedAnswer.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    post(api, key="new")
    kept = KeyedAnswer.objects.get(until__gt=timezone.now())
    assert claims.forget() == 1
    assert KeyedAnswer.objects.get() == kept


def test_a_job_deletes_it_every_hour(api, settings):
    post(api, key="old")
    KeyedAnswer.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    entry = settings.RECURRING_JOBS["config.forget_answers"]
    assert entry["crontab"].endswith(" * * * *")
    assert find(entry["kind"]).function(None) == {"answers": 1}


@pytest.mark.django_db(transaction=True)
def test_twenty_requests_at_once_have_one_effect():
    make_product()
    token = client_of().defaults["HTTP_AUTHORIZATION"]
    barrier = Barrier(AT_ONCE)

    def buy(_):
        try:
            barrier.wait(30)
            return post(Client(headers={"Authorization": token}), key=KEY)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(buy, range(AT_ONCE)))
    done = [answer for answer in answers if answer.status_code == 201]
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in done) == 1
    assert all(answer["Retry-After"] == "1" for answer in answers if answer.status_code == 409)
    assert Order.objects.count() == Payment.objects.count() == 1
    assert not Job.objects.exists()
