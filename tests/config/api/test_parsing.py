"""What no part behind the parser can bear, at any place of a body: 400 with its place, and nothing is stored."""

import json

import pytest

from config.models import KeyedAnswer
from orders.models import Order
from queues.models import Queue
from tests.config.api.clients import PURCHASE, client_of, post
from tests.orders.builders import make_product
from tests.orders.test_api import WISHES

pytestmark = [pytest.mark.django_db, pytest.mark.database]
PATHS = [
    PURCHASE,
    "/api/user/ai-settings",
    "/api/queues/blog/pause",
    "/api/jobs/dead-letters/retry",
]


@pytest.fixture
def staff():
    make_product()
    return client_of("ops", staff=True)


def refused(answer) -> list[str]:
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert (
        not Order.objects.exists()
        and not Queue.objects.filter(paused=True).exists()
        and not KeyedAnswer.objects.exists()
    )
    return [error["pointer"] for error in answer.json().get("errors", [])]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("value", "inside"),
    [
        ('"a\\u0000"', ""),
        ('"\\ud800"', ""),
        ('"\\udfff x"', ""),
        ("1" * 25, ""),
        ("-9223372036854775808", ""),
        ("1e999", ""),
        ("NaN", ""),
        ("[1, -Infinity]", "/1"),
        ('["ok", "\\ud800"]', "/1"),
        ('{"deep": [{"er": "\\u0000"}]}', "/deep/0/er"),
        ('{"\\ud800": 1}', ""),
        ('{"\\u0000": "x"}', ""),
    ],
)
def test_a_value_is_named_by_its_place(staff, path, value, inside):
    assert refused(post(staff, path, f'{{"field": {value}}}')) == [f"/field{inside}"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "body",
    [" ", "{", "nul", "'x'", "NaN", '{"a": Infinity}', "[" * 100_000, '{"a":' * 5000 + "1" + "}" * 5000]
    + ["[" * 40 + "]" * 40, '{"a": ' + "9" * 5000 + "}", '{"a": "\x00"}', '{"a": 1,}', "\ufeff{}"],
)
def test_what_is_no_json_of_ours_is_refused(staff, path, body):
    refused(post(staff, path, body))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"a": "\xed\xa0\x80"}', b"\x80", json.dumps({}).encode("utf-16")])
@pytest.mark.parametrize("charset", ["", "; charset=hex", "; charset=utf-16", "; charset=nonsense"])
def test_a_body_is_utf_8_whatever_it_says_of_itself(staff, path, body, charset):
    headers = {"Idempotency-Key": "1"}
    answer = staff.generic("POST", path, body, content_type=f"application/json{charset}", headers=headers)
    refused(answer)


@pytest.mark.parametrize("value", [[], "text", 1, None, True, 1.5, [1]])
@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_is_no_object_is_refused(staff, path, value):
    refused(post(staff, path, value))


def test_large_numbers_and_escapes_that_are_fine_pass(staff):
    text = "Größe 😀 12345678901234567890 1e5 " + chr(0x10FFFF)
    body = json.dumps(WISHES | {"notes": text})  # as escapes, pairs of surrogates among them
    assert post(staff, body=body).status_code == 201
    assert Order.objects.get().notes == text


@pytest.mark.parametrize("charset", ["hex", "utf-16", "nonsense", "utf-7"])
def test_a_query_is_utf_8_whatever_the_body_says_of_itself(staff, charset):
    answer = staff.generic("GET", "/api/jobs?kind=%C3%A9", b"", content_type=f"application/json; charset={charset}")
    assert (answer.status_code, answer.json()["results"]) == (200, [])
