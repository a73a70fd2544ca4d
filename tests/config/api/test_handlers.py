"""What no view answers is a problem for programs and a page for people."""

import pytest
from django.test import Client

from tests.config.api.clients import client_of

pytestmark = pytest.mark.django_db
UNKNOWN = ["/api", "/api/", "/api/nothing", "/api/jobs/no-uuid", "/api/v1/purchase/x/y/", "/api/queues/a/b/c", "/api//"]


@pytest.mark.parametrize("path", UNKNOWN)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_of_the_api_is_a_problem(path, method):
    answer = getattr(Client(), method)(path)
    assert answer.status_code == 404
    if path == "/api":
        return
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not_found"


def test_an_unknown_address_of_the_site_is_a_page():
    answer = Client().get("/nothing")
    assert answer.status_code == 404 and "There is no page here" in answer.content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["/api/jobs", "/api/v1/purchase/products", "/api/user/ai-settings"])
def test_a_method_that_is_not_there_is_a_problem(path, method):
    answer = getattr(client_of(), method)(path)
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert answer["Allow"]


def test_a_host_that_is_not_ours_gets_a_problem_from_the_api():
    answer = Client().get("/api/jobs", headers={"Host": "elsewhere.example"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert "elsewhere" not in answer.content.decode()


def test_a_mistake_of_ours_is_a_problem_that_says_nothing_of_it(monkeypatch):
    monkeypatch.setattr("queues.stats.all_queues", lambda: 1 / 0)
    client = client_of("ops", staff=True)
    client.raise_request_exception = False
    answer = client.get("/api/queues")
    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert "ZeroDivision" not in answer.content.decode()


@pytest.mark.parametrize("accept", ["text/html", "application/xml"])
def test_an_answer_that_is_wanted_in_another_form_is_a_problem(accept):
    answer = client_of().get("/api/jobs", headers={"Accept": accept})
    assert (answer.status_code, answer["Content-Type"]) == (406, "application/problem+json")
