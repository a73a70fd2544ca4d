"""One question to TMDB over HTTP: what goes out, how long it may take, and what each failure is called."""

import json
import re
from typing import Any

from django.conf import settings

from aiproviders import failures
from aiproviders.backends import lanes
from aiproviders.base import Endpoint
from aiproviders.connection import give_back
from aiproviders.deadline import Deadline
from aiproviders.secret import Secret, fault_of
from content.blog.catalogues.base import CatalogueError

SECONDS = 15.0  # for all of one exchange
OLD_KEY = re.compile(r"[0-9a-f]{32}")  # an "API key" of TMDB travels in the address, a read access token does not
KINDS = {401: "auth", 403: "auth", 404: "not_found", 408: "timeout", 429: "rate_limit", 503: "overloaded"}
KINDS |= {504: "timeout"}
# TMDB's own codes say more than the status: developer.themoviedb.org/docs/errors
CODES = {3: "auth", 7: "auth", 10: "auth", 14: "auth", 45: "auth", 9: "overloaded", 46: "overloaded", 24: "timeout"}
CODES |= {25: "rate_limit", 34: "not_found", 22: "bad_request", 6: "not_found", 11: "server", 43: "server"}
WORDS = {
    "auth": "TMDB refused the key; check TMDB_API_KEY",
    "not_found": "TMDB has no such title",
    "rate_limit": "TMDB asks for a pause",
    "overloaded": "TMDB is overloaded or under maintenance",
    "timeout": "TMDB gave no complete answer in time",
    "server": "TMDB has an error of its own",
    "bad_request": "TMDB does not take this request",
}


def ask(path: str, params: dict[str, Any]) -> dict[str, Any]:
    """The JSON object at `path`. Raises CatalogueError, which holds neither key nor address."""
    give_back()
    failure, answer = _try(path, params)
    if failure is not None:  # raised here, where no exception that carries the request can come along
        raise failure
    return answer


def _try(path: str, params: dict[str, Any]) -> tuple[CatalogueError | None, dict[str, Any]]:
    key = settings.TMDB_API_KEY
    if fault := fault_of(key):
        return CatalogueError("auth", f"TMDB_API_KEY cannot be a key. {fault}"), {}
    old = bool(OLD_KEY.fullmatch(key))
    endpoint = Endpoint("tmdb", settings.TMDB_BASE_URL.rstrip("/"), None if old else Secret(key))
    limit = Deadline(SECONDS)
    try:
        with lanes.lane(endpoint, limit, key_header="" if old else lanes.BEARER) as lane, limit:
            lane.client.get(f"{endpoint.base_url}/{path}", params=params | ({"api_key": key} if old else {}))
            status, headers, body = lane.response.status_code, lane.response.headers, lane.response.content
    except Exception as error:
        return _broken(error, limit), {}
    return _judged(status, headers, body)


def _broken(error: Exception, limit: Deadline) -> CatalogueError:
    import httpx2

    if limit.passed or isinstance(error, httpx2.TimeoutException | TimeoutError):
        return CatalogueError("timeout", f"{WORDS['timeout']} ({SECONDS:g} s).")
    if isinstance(error, httpx2.TransportError):
        return CatalogueError("connection", "The connection to TMDB failed or broke off.")
    return CatalogueError("bad_request", f"The request to TMDB cannot be made: {type(error).__name__}.")


def _judged(status: int, headers: Any, body: bytes) -> tuple[CatalogueError | None, dict[str, Any]]:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        answer = None
    is_ours = isinstance(answer, dict)
    code = answer.get("status_code") if is_ours and answer.get("success") is False else None
    if status == 200 and is_ours and code is None:
        return None, answer
    if 300 <= status < 400:
        return CatalogueError("bad_request", f"TMDB_BASE_URL leads elsewhere (HTTP {status}); set the final one."), {}
    if not is_ours and status in (200, 404):
        message = f"The answer is not TMDB's (HTTP {status}, no JSON object); check TMDB_BASE_URL."
        return CatalogueError("malformed", message), {}
    kind = CODES.get(code) if isinstance(code, int) else None
    kind = kind or KINDS.get(status) or ("server" if status >= 500 or status == 200 else "bad_request")
    said = f"HTTP {status}, code {code}" if isinstance(code, int) else f"HTTP {status}"
    return CatalogueError(kind, f"{WORDS[kind]} ({said}).", retry_after=failures.retry_after(headers)), {}
