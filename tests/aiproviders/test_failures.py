from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from aiproviders.errors import KINDS
from aiproviders.failures import LONGEST_WAIT, kind_of, retry_after


def test_every_status_has_a_kind():
    assert {kind_of(status, "") for status in [*range(300, 310), *range(400, 600)]} <= set(KINDS)


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [
        (400, "You have reached your specified API usage limits", "quota"),
        (400, "API_KEY_INVALID", "auth"),
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
    + [(value, None) for value in ("", "soon", "-3", "nan", "inf", "1e999", "Sun, 99 Nov", "07:30")],
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


def test_without_a_header_there_is_no_wait():
    assert retry_after({}) is None
