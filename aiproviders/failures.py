"""Reads an HTTP failure: which kind of error is it, and when may one try again?"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

LONGEST_WAIT = 7 * 86400.0
LONGEST_WORDS = 60  # of a duration; the expressions below take quadratic time for what is none

STATUS = {
    401: "auth",
    402: "quota",
    403: "auth",
    404: "not_found",
    408: "timeout",
    409: "server",
    413: "too_large",
    424: "server",
    429: "rate_limit",
    498: "overloaded",  # Groq: no capacity
    499: "server",  # Groq and Google: given up on their side
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}

# Providers' own words say more than the status, and they are sent with several statuses. "billing" alone says nothing:
# Groq puts the address of its billing page under every rate limit.
WORDS = (
    ("quota", ("insufficient_quota", "specified api usage limits", "billing_hard_limit", "credit balance is too low")),
    ("auth", ("invalid_api_key", "api_key_invalid", "incorrect api key")),
    ("not_found", ("model_not_found",)),
    (
        "too_large",
        (
            "context_length_exceeded",
            "available context size",
            "maximum context length",
            "exceed_context_size",
            "prompt is too long",
            "exceeds the maximum number of tokens",
        ),
    ),
    ("content_filter", ("content_filter", "content_policy", "responsibleaipolicy", "violates usage guidelines")),
)
SAID = re.compile(r"try again in ((?:\d+(?:\.\d+)?(?:ms|h|m|s))+)")
PARTS = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def kind_of(status: int, detail: str) -> str:
    """The error kind of an HTTP `status` whose body says `detail` (code, type and message in one text)."""
    detail = detail.lower()
    if 400 <= status < 500:
        for kind, words in WORDS:
            if any(word in detail for word in words):
                return kind
    if status in STATUS:
        return STATUS[status]
    if status < 300:
        return "malformed"  # an answer is a 200
    return "server" if status >= 500 else "bad_request"


def detail_of(body: bytes) -> str:
    """What an error's `body` says, in one line: codes first, then the message; empty when it is not JSON."""
    error = _error_in(body)
    codes = [error.get(name) for name in ("code", "type", "status")]
    codes += [part.get("reason") for part in _details(error)]
    said = [str(code) for code in codes if isinstance(code, (str, int))]
    return " ".join(" ".join([*dict.fromkeys(said), _text(error.get("message"))]).split())


def retry_after(headers: Mapping[str, str], body: bytes = b"") -> float | None:
    """Seconds to wait; None when nobody says.

    By the headers `retry-after-ms` or `Retry-After` (seconds or an HTTP date), else by what the body says: Google's
    RetryInfo ("17s"), or "try again in 9m38.016s" in the message (Groq, OpenAI).
    """
    found = _number(headers.get("retry-after-ms"), scale=0.001)
    for read in (_number, _until):
        found = read(headers.get("retry-after")) if found is None else found
    if found is None:
        error = _error_in(body)
        waits = [_duration(_text(part.get("retryDelay"))) for part in _details(error)]
        said = SAID.search(_text(error.get("message")).lower())
        found = next((wait for wait in [*waits, _duration(said[1] if said else "")] if wait is not None), None)
    return None if found is None else min(found, LONGEST_WAIT)


def _error_in(body: bytes) -> dict[str, Any]:
    """The object that describes the error; providers differ in how deep they put it."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(content, list):  # Google's, sometimes
        content = content[0] if content else {}
    if not isinstance(content, dict):
        return {}
    error = content.get("error", content)
    return error if isinstance(error, dict) else {"message": error}


def _details(error: dict[str, Any]) -> list[dict[str, Any]]:
    details = error.get("details")
    return [part for part in details if isinstance(part, dict)] if isinstance(details, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _duration(text: str) -> float | None:
    parts = PARTS.findall(text[:LONGEST_WORDS])
    return sum(float(number) * SECONDS[unit] for number, unit in parts) if parts else None


def _number(value: str | None, scale: float = 1) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return number * scale if math.isfinite(number) and number >= 0 else None


def _until(value: str | None) -> float | None:
    try:
        moment = parsedate_to_datetime(value or "")
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
