import http.client

import pytest
from django.http import HttpResponse

from config.middleware import POLICY, BodyLimit
from orders.models import Order, StripeEvent
from tests.orders.builders import make_order
from tests.orders.shopping import opened

pytestmark = pytest.mark.django_db


def test_the_policy_has_no_hole():
    assert POLICY["default-src"] == "'self'"
    assert "unsafe" not in " ".join(POLICY.values())


def headers_of(client, path: str) -> dict[str, str]:
    response = client.get(path)
    response.close()  # static files are streams
    return response.headers


def csp(headers: dict[str, str]) -> dict[str, str]:
    return dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize("path", ["/", "/order", "/nothing-here", "/healthz", "/admin/login/", "/static/css/site.css"])
def test_every_answer_allows_nothing_but_our_own_files(client, path):
    assert csp(headers_of(client, path)) == POLICY


def test_pages_may_listen_to_the_streams_where_they_are(client, settings):
    settings.LIVE_URL = "https://live.example"
    assert csp(headers_of(client, "/")) == POLICY | {"connect-src": "'self' https://live.example"}
    assert csp(headers_of(client, "/api/docs"))["connect-src"] == "'self' https://live.example"


@pytest.mark.parametrize("path", ["/", "/static/css/site.css", "/nothing-here"])
def test_every_answer_carries_the_other_headers(client, path):
    headers = headers_of(client, path)
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
def test_the_documentation_page_alone_may_use_inline_styles(client, path):
    policy = csp(headers_of(client, path))
    assert policy["style-src"] == "'self' 'unsafe-inline'"
    assert "script-src" not in policy
    assert policy["default-src"] == "'self'"


@pytest.mark.parametrize("path", ["/", "/order", "/nothing-here", "/admin/login/"])
def test_no_page_has_anything_inline(client, path):
    page = client.get(path).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page
    assert " onclick=" not in page


def test_the_order_page_has_nothing_inline(client):
    page = client.get(opened(client, make_order())).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/order", "text/html; charset=utf-8"),
        ("/api/v1/purchase", "application/problem+json"),
        ("/webhooks/stripe", "application/problem+json"),
        ("/admin/login/", "text/html; charset=utf-8"),
    ],
)
def test_a_body_that_is_too_large_is_refused_everywhere_and_nothing_is_stored(client, path, kind):
    answer = client.post(path, b"x" * (256 * 1024 + 1), content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer["Content-Type"]) == (413, kind)
    assert not Order.objects.exists() and not StripeEvent.objects.exists()


def test_a_client_that_sends_ten_megabytes_gets_its_answer_over_a_real_socket(live_server):
    host, port = live_server.url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=30)
    connection.request("POST", "/order", b"topic=" + b"x" * 10_000_000)
    answer = connection.getresponse()
    assert answer.status == 413
    answer.read()
    connection.close()


@pytest.mark.parametrize("length", ["many", "-1", ""])
def test_a_length_that_is_no_number_is_left_to_django(rf, length):
    request = rf.post("/order", {"topic": "x"})
    request.META["CONTENT_LENGTH"] = length
    assert BodyLimit(lambda request: HttpResponse("seen"))(request).content == b"seen"
