"""Reads an HTTP failure: which kind of error is it, and when may one try again?"""

import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 7 * 86400.0

STATUS = {
    401: "auth",
    402: "quota",
    403: "auth",
    404: "not_found",
    408: "timeout",
    409: "server",
    413: "too_large",
    429: "rate_limit",
    498: "overloaded",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}

# Providers' own words say more than the status, and they are sent with several statuses.
WORDS = (
    ("quota", ("insufficient_quota", "specified api usage limits", "billing_hard_limit")),
    ("auth", ("invalid_api_key", "api_key_invalid")),
    ("not_found", ("model_not_found",)),
    (
        "too_large",
        ("context_length_exceeded", "available context size", "maximum context length", "exceed_context_size"),
    ),
    ("content_filter", ("content_filter", "content_policy", "responsibleaipolicy")),
)


def kind_of(status: int, detail: str) -> str:
    """The error kind of an HTTP `status` whose body says `detail` (code, type and message in one text)."""
    detail = detail.lower()
    if 400 <= status < 500:
        for kind, words in WORDS:
            if any(word in detail for word in words):
                return kind
    if status in STATUS:
        return STATUS[status]
    return "server" if status >= 500 else "bad_request"


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by the headers `retry-after-ms` or `Retry-After` (seconds or an HTTP date); None without."""
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return min(milliseconds / 1000, LONGEST_WAIT)
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is None:
        seconds = _until(value)
    return None if seconds is None else min(seconds, LONGEST_WAIT)


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _until(value: str | None) -> float | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
