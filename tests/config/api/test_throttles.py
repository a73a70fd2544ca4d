"""Limits per caller, over HTTP, with the real Redis."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver

from aiproviders import shared
from config.models import ApiToken
from orders.models import Order
from tests.config.api.clients import client_of, post
from tests.orders.builders import make_order, make_product
from tests.orders.test_api import token_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def low(settings) -> None:
    settings.API_LIMITS = settings.API_LIMITS | {"read": 3, "generate": 2, "lookup": 4}


def statuses(client: Client, path: str, times: int, **headers: str) -> list[int]:
    return [client.get(path, headers=headers).status_code for _ in range(times)]


def test_too_many_requests_are_told_when_to_come_back():
    api = client_of()
    assert statuses(api, "/api/jobs", 3) == [200] * 3
    refused = api.get("/api/jobs")
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused.json()["code"] == "throttled"


def test_a_limit_is_one_tokens_and_one_scopes():
    make_product()
    api = client_of()
    assert statuses(api, "/api/jobs", 4)[-1] == 429
    assert post(api).status_code == 201
    assert statuses(client_of(), "/api/jobs", 1) == [200]  # the same user, another token
    assert statuses(client_of("bob"), "/api/jobs", 1) == [200]


def test_what_is_refused_has_no_effect():
    make_product()
    api = client_of()
    assert [post(api).status_code for _ in range(3)] == [201, 201, 429]
    assert Order.objects.count() == 2


def test_looking_at_what_a_post_changes_is_reading():
    api = client_of()
    assert statuses(api, "/api/user/ai-settings", 4) == [200, 200, 200, 429]


def test_look_ups_of_orders_without_credentials_count_per_address():
    order = make_order()
    path, bearer = f"/api/v1/purchase/status/{order.pk}", f"Bearer {token_of(order)}"
    assert statuses(Client(), path, 2, Authorization=bearer) == [200, 200]
    guesses = [Client().get(f"/api/v1/purchase/status/{uuid.uuid4()}").status_code for _ in range(3)]
    assert guesses == [401, 401, 429]
    assert statuses(Client(REMOTE_ADDR="192.0.2.7"), path, 1, Authorization=bearer) == [200]


def test_a_client_that_ordered_reads_with_its_own_limit():
    order = make_order()
    api = client_of()
    Order.objects.update(owner=get_user_model().objects.get())
    assert statuses(api, f"/api/v1/purchase/status/{order.pk}", 4) == [200, 200, 200, 429]


def test_a_session_counts_as_its_user(admin_client):
    assert statuses(admin_client, "/api/queues", 4) == [200, 200, 200, 429]


def test_0_is_no_limit(settings):
    settings.API_LIMITS = settings.API_LIMITS | {"read": 0}
    assert statuses(client_of(), "/api/jobs", 10) == [200] * 10


def test_without_redis_nobody_is_refused(settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(shared, "_silent_until", 0.0)
    shared.client.cache_clear()
    shared.script.cache_clear()
    try:
        assert statuses(client_of(), "/api/jobs", 5) == [200] * 5
    finally:
        shared.client.cache_clear()
        shared.script.cache_clear()
        shared._silent_until = 0.0


def views() -> list[type]:
    found, waiting = [], list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        waiting += getattr(pattern, "url_patterns", [])
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        if view and not view.__module__.startswith("drf_spectacular"):
            found.append((str(pattern.pattern), view))
    return found


@pytest.mark.parametrize(("path", "view"), views(), ids=[path for path, _ in views()])
def test_every_endpoint_names_its_limit_and_works_with_and_without_a_slash(path, view, settings):
    assert view.throttle_scope in settings.API_LIMITS
    assert getattr(view, "anonymous_throttle_scope", "read") in settings.API_LIMITS
    assert path.endswith("/?$")


def test_tokens_are_not_in_redis():
    token = ApiToken.objects.issue(user=get_user_model().objects.create(username="eve"))
    Client(headers={"Authorization": f"Bearer {token}"}).get("/api/jobs")
    assert not [key for key in shared.client().keys() if token in key]
