import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions, serializers

from config.api import problems
from config.api.problems import handle


def body_of(response) -> dict:
    return json.loads(response.content)


def test_field_errors_are_listed_with_their_pointer():
    response = handle(exceptions.ValidationError({"topic": ["Say what."], "items": [{"n": ["No."]}]}), {})
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert body_of(response)["errors"] == [
        {"pointer": "/topic", "code": "invalid", "detail": "Say what."},
        {"pointer": "/items/0/n", "code": "invalid", "detail": "No."},
    ]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (Http404(), 404, "not_found"),
        (PermissionDenied(), 403, "permission_denied"),
        (RequestDataTooBig(), 413, "too_large"),
        (OperationalError("gone"), 503, "database_away"),
        (InterfaceError("gone"), 503, "database_away"),
        (DataError("integer out of range"), 400, "out_of_range"),
    ],
)
def test_djangos_own_errors_become_problems_too(error, status, code):
    response = handle(error, {})
    body = body_of(response)
    assert (response.status_code, body["status"], body["code"]) == (status, status, code)
    assert not str(error) or str(error) not in body["detail"]


def test_a_bug_is_left_to_django():
    assert handle(RuntimeError("x"), {}) is None


class Prices(serializers.Serializer):
    prices = serializers.DictField(child=serializers.IntegerField())
    kind = serializers.ChoiceField(["a"])


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("\ud800", "/prices/?"),
        ("\0", "/prices/?"),
        ("a/b~c", "/prices/a~1b~0c"),
        ("sk-canary-0123456789", "/prices/[hidden]"),
        ("n" * 300, f"/prices/{'n' * 100}…"),
        ("größe", "/prices/größe"),
    ],
)
def test_a_name_that_the_client_made_up_can_be_sent_and_gives_no_key_away(name, pointer):
    asked = Prices(data={"prices": {name: "x"}, "kind": "a"})
    asked.is_valid()
    response = handle(exceptions.ValidationError(asked.errors), {})
    assert [error["pointer"] for error in body_of(response)["errors"]] == [pointer]


@pytest.mark.parametrize("value", ["sk-canary-0123456789", "\ud800", "x" * 10_000])
def test_a_message_that_repeats_a_value_can_be_sent_is_short_and_gives_no_key_away(value):
    asked = Prices(data={"prices": {}, "kind": value})
    asked.is_valid()
    text = handle(exceptions.ValidationError(asked.errors), {}).content
    assert b"canary" not in text and len(text) < 1000


def test_an_answer_without_a_view_is_the_same_problem():
    answer = problems.answer(problems.DatabaseAway())
    assert (answer.status_code, answer["Content-Type"], answer["Retry-After"]) == (503, "application/problem+json", "5")
    assert answer.content == handle(problems.DatabaseAway(), {}).content


def test_a_header_or_parameter_is_named_like_a_field():
    answer = problems.of_field("limit", "Too large.", code="max")
    assert answer.status_code == 400
    assert json.loads(answer.content)["errors"] == [{"pointer": "/limit", "code": "max", "detail": "Too large."}]
