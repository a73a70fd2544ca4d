import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from aiproviders.errors import KINDS
from aiproviders.failures import LONGEST_WAIT, detail_of, kind_of, retry_after

OPENAI, ANTHROPIC, GOOGLE = "insufficient_quota No credit.", "overloaded_error Overloaded", "400 INVALID API_KEY Bad."


def test_every_status_has_a_kind():
    assert {kind_of(status, "") for status in [*range(300, 310), *range(400, 600)]} <= set(KINDS)


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [
        (400, "You have reached your specified API usage limits", "quota"),
        (400, "API_KEY_INVALID", "auth"),
        (400, "invalid_argument Incorrect API key provided: xa***rt", "auth"),
        (400, "Your credit balance is too low to access the Anthropic API.", "quota"),
        (400, "invalid_request_error prompt is too long: 213000 tokens > 200000 maximum", "too_large"),
        (400, "The input token count (1200000) exceeds the maximum number of tokens allowed", "too_large"),
        (403, "Content violates usage guidelines.", "content_filter"),
        (200, "", "malformed"),
        (204, "", "malformed"),
        (413, "Request too large, rate_limit_exceeded", "too_large"),
        (429, "Limit reached, see https://example.com/settings/billing", "rate_limit"),
        (429, "insufficient_quota", "quota"),
        (400, "request (9031 tokens) exceeds the available context size (4096 tokens)", "too_large"),
        (503, "Loading model", "overloaded"),
        (500, "insufficient_quota", "server"),
    ],
)
def test_words_that_providers_really_send(status, detail, kind):
    assert kind_of(status, detail) == kind


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7), ("7.5", 7.5), ("0", 0), ("99999999", LONGEST_WAIT)]
    + [(value, None) for value in ("", "soon", "-3", "nan", "inf", "1e999", "Sun, 99 Nov", "07:30")]
    + [("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None)],
)
def test_retry_after_in_seconds(value, seconds):
    assert retry_after({"retry-after": value}) == seconds


def test_retry_after_as_a_date():
    later = datetime.now(UTC) + timedelta(hours=1)

    assert 3500 < retry_after({"retry-after": format_datetime(later, usegmt=True)}) <= 3600
    assert 3500 < retry_after({"retry-after": later.strftime("%a, %d %b %Y %H:%M:%S -0000")}) <= 3600
    assert retry_after({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0


def test_milliseconds_are_preferred_because_they_are_exact():
    assert retry_after({"retry-after-ms": "1500", "retry-after": "2"}) == 1.5


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please try again in 9m38.016s. Visit the billing page", 578.016),
        ("Please try again in 1h2m3s.", 3723),
        ("please try again in 450ms", 0.45),
        ("Please try again in 20s", 20),
        ("Please try again in a while", None),
        ("It took 20s", None),
    ],
)
def test_a_wait_that_is_only_said_in_words(words, seconds):
    body = json.dumps({"error": {"message": words}}).encode()

    assert retry_after({}, body) == (seconds and pytest.approx(seconds))
    assert retry_after({"retry-after": "7"}, body) == 7


def test_googles_wait_stands_among_the_details():
    details = [{"reason": "RATE_LIMIT_EXCEEDED"}, {"retryDelay": "17.5s"}, "odd"]

    assert retry_after({}, json.dumps([{"error": {"details": details}}]).encode()) == 17.5


@pytest.mark.parametrize("odd", ["1" * 200_000, 5, ["17s"], {"seconds": 17}, None])
def test_a_wait_that_is_none_is_read_as_none_and_quickly(odd):
    body = {"error": {"message": odd, "details": [{"retryDelay": odd}]}}

    assert retry_after({}, json.dumps(body).encode()) is None


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"error": {"message": "No credit.", "type": "insufficient_quota", "code": "insufficient_quota"}}, OPENAI),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, ANTHROPIC),
        ({"error": {"code": 400, "message": "Bad.", "status": "INVALID", "details": [{"reason": "API_KEY"}]}}, GOOGLE),
        ({"error": "model is loading"}, "model is loading"),
        ({"error": {"code": "odd", "message": {"deep": ["words"]}}}, "odd"),
        ({"error": 5}, ""),
        ({"code": 5, "message": "five"}, "5 five"),
        ([], ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_what_an_error_says_is_found_in_every_providers_body(body, detail):
    assert detail_of(json.dumps(body).encode()) == detail


def test_a_body_that_is_not_json_says_nothing():
    assert detail_of(b"<html>Bad gateway</html>") == ""


def test_without_a_header_there_is_no_wait():
    assert retry_after({}) is None
