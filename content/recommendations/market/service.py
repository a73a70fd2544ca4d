"""One question to one service over HTTP: what all services share, so that they fail in the same way.

A request leaves only when the service does not rest, and after its place in the budgets was taken. Errors are read from
the answer's body first: these services send some with status 200. What they say may repeat the key: it is taken out.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar, TypeVar
from urllib.parse import quote_plus

from aiproviders import failures
from aiproviders.backends import lanes
from aiproviders.backends.exchange import storable
from aiproviders.base import Endpoint
from aiproviders.budgets import seconds_until_tomorrow
from aiproviders.connection import give_back
from aiproviders.deadline import Deadline
from aiproviders.secret import fault_of
from content.recommendations.market import budgets, rests
from content.recommendations.market.base import MarketError

STATUS = {
    401: "auth",
    402: "entitlement",
    403: "entitlement",
    404: "not_found",
    408: "timeout",
    429: "rate_limit",
    504: "timeout",
}
MINUTE = 60.0
T = TypeVar("T")


class Service:
    """A market-data service behind HTTP. Subclasses know its paths, its answers and its words for what is wrong."""

    name: ClassVar[str]
    label: ClassVar[str]
    adjusted: ClassVar[str]
    key_header: ClassVar[str] = ""
    # (kind, scope, words): the first whose words stand in what the service says, in lower case; else the status counts.
    words: ClassVar[tuple[tuple[str, str, tuple[str, ...]], ...]] = ()
    seconds: ClassVar[float] = 10.0  # for all of one request

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.fingerprint = budgets.fingerprint(endpoint.key)

    def complaint(self, content: Any) -> tuple[int, str] | None:
        """(code or 0, words) when `content` is an error, whatever the status; None when it is an answer."""
        raise NotImplementedError

    def prepare(self, requests: int, *, at_once: bool) -> None:
        """Raise MarketError when so many requests are sure to be refused today, or, if `at_once`, this minute."""
        budgets.require(self.name, self.fingerprint, requests, at_once=at_once)

    def ask(self, what: str, path: str, params: dict[str, str], read: Callable[[Any], T]) -> T:
        """What `read` makes of the answer to one request; raises MarketError.

        `read` raises MarketError, or LookupError, TypeError, ValueError or ArithmeticError for what it cannot read.
        """
        if fault_of(self.endpoint.key.reveal()):
            raise MarketError("auth", "the API key is not well-formed", source=self.name)
        give_back()  # raises inside a transaction, before anything is counted
        rests.require(self.name, self.fingerprint, what)
        self.take()
        give_back()
        found, failure = self._try(path, params, read)
        if failure is not None:  # raised here, where neither the client's exception nor its request can come along
            self._remember(what, failure)
            raise failure
        return found

    def take(self) -> None:
        """Count the request; raises MarketError when it must not leave."""
        budgets.take(self.name, self.fingerprint)

    def _try(self, path: str, params: dict[str, str], read: Callable[[Any], T]) -> tuple[T | None, MarketError | None]:
        limit, answer = Deadline(self.seconds), None
        try:
            with lanes.lane(self.endpoint, limit, key_header=self.key_header) as lane:
                with limit:
                    answer = lane.client.get(f"{self.endpoint.base_url}{path}", params=params)
            content = _parsed(answer.content)
            if failure := self._judged(answer, content):
                return None, failure
            return read(content), None
        except MarketError as error:
            error.source = self.name
            return None, error
        except Exception as error:
            return None, self._failure(error, limit, answered=answer is not None)

    def _judged(self, answer: Any, content: Any) -> MarketError | None:
        """What is wrong with the answer; None when it is one."""
        code, said = self.complaint(content) or (0, "")
        if answer.status_code == 200 and not code and not said:
            if content is None:
                return self._error("malformed", "the answer is not JSON")
            return None
        code = code or answer.status_code
        if 300 <= code < 400:
            said = "the address redirects elsewhere; configure the final address"
        kind, scope = self._kind_of(code, said.lower())
        if kind == "rate_limit":
            wait = failures.retry_after(answer.headers)
            wait = (seconds_until_tomorrow() if scope == "day" else MINUTE) if wait is None else wait
            return self._error(kind, f"{code}: {self._clean(said)}", retry_after=wait, scope=scope)
        return self._error(kind, f"{code}: {'the key was refused' if kind == 'auth' else self._clean(said)}")

    def _kind_of(self, code: int, said: str) -> tuple[str, str]:
        for kind, scope, words in self.words:
            if any(word in said for word in words):
                return kind, scope
        kind = STATUS.get(code, "server" if code >= 500 else "bad_request")
        return kind, "minute" if kind == "rate_limit" else ""

    def _failure(self, error: Exception, limit: Deadline, *, answered: bool) -> MarketError:
        import httpx2

        if limit.passed or isinstance(error, (httpx2.TimeoutException, TimeoutError)):
            return self._error("timeout", "no complete answer in time")
        if isinstance(error, httpx2.TransportError):
            return self._error("connection", "the connection failed or broke off")
        if answered:
            return self._error("malformed", f"the answer cannot be read: {type(error).__name__}")
        return self._error("bad_request", f"the request cannot be made: {type(error).__name__}")

    def _remember(self, what: str, failure: MarketError) -> None:
        if failure.scope == "day":
            budgets.use_up(self.name, self.fingerprint)
        rests.note(self.name, self.fingerprint, what, failure)

    def _clean(self, said: str) -> str:
        """The service's words, short, in one line and without the key."""
        key = self.endpoint.key.reveal()
        for spelling in (key, quote_plus(key)):
            said = re.sub(re.escape(spelling), "[key]", said, flags=re.IGNORECASE)
        return storable(" ".join(said.split()))[:200] or "no reason given"

    def _error(self, kind: str, message: str, **more: Any) -> MarketError:
        return MarketError(kind, message, source=self.name, **more)


def _parsed(body: bytes) -> Any:
    """The JSON in `body`, numbers with a point as Decimal; None when it is none."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(word: str) -> None:
    raise ValueError(word)
