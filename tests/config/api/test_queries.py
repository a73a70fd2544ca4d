"""Addresses that no database can bear."""

import pytest
from django.test import Client

from tests.config.api.clients import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]
READ = ["/api/jobs", "/api/queues", "/api/jobs/dead-letters", "/api/v1/purchase/products", "/api/user/ai-settings"]


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("name", ["limit", "cursor", "kind", "unknown"])
def test_nul_in_a_query_is_named(path, name):
    answer = client_of("ops", staff=True).get(f"{path}?a=1&{name}=x%00y")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"] == [
        {"pointer": f"/{name}", "code": "invalid", "detail": "Null characters are not allowed."}
    ]


def test_nul_in_a_name_and_a_key_as_a_name_are_not_repeated():
    answer = client_of().get("/api/jobs?sk-canary-0123456789%00=1")
    assert answer.status_code == 400
    assert "canary" not in answer.content.decode() and "\\u0000" not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/queues/%00/pause", "/api/v1/purchase/status/%00", "/api/%00", "/api/jobs/%00/cancel"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_nul_in_a_path_is_not_found(path, method):
    answer = getattr(client_of("ops", staff=True), method)(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("query", ["%ED%A0%80", "%FF", "%", "&&&", "=", "a=%F0%9F", "limit[]=1", "kind=%ED%A0%80"])
@pytest.mark.parametrize("path", READ)
def test_any_other_query_is_no_mistake_of_ours(path, query):
    assert client_of("ops", staff=True).get(f"{path}?{query}").status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/queues/%ED%A0%80/pause", "/api/v1/purchase/status/%FF", "/api/queues/" + "9" * 5000 + "/pause"]
)
def test_any_other_path_is_not_found(path):
    assert client_of("ops", staff=True).post(path).status_code in (404, 405)


def test_pages_are_left_alone():
    assert Client().get("/order?x=%00").status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("queues/queue/%00/change/", 404),
        ("queues/job/?queue=%00", 400),
        ("queues/job/?q=a%00b", 400),
        ("orders/order/?%00=1", 400),
        ("queues/job/?q=%01", 200),
    ],
)
def test_nor_does_a_filter_in_the_admin_reach_the_database_with_nul(admin_client, address, status):
    assert admin_client.get(f"/admin/{address}").status_code == status
