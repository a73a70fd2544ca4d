from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from rest_framework import exceptions

from config.api.problems import handle


def test_field_errors_are_listed_with_their_pointer():
    response = handle(exceptions.ValidationError({"topic": ["Say what."], "items": [{"n": ["No."]}]}), {})
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert response.data["errors"] == [
        {"pointer": "/topic", "code": "invalid", "detail": "Say what."},
        {"pointer": "/items/0/n", "code": "invalid", "detail": "No."},
    ]


def test_djangos_own_errors_become_problems_too():
    statuses = [handle(error, {}).status_code for error in (Http404(), PermissionDenied(), RequestDataTooBig())]
    assert statuses == [404, 403, 413]


def test_a_bug_is_left_to_django():
    assert handle(RuntimeError("x"), {}) is None
