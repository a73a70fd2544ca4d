"""One question to one provider over HTTP: what all backends share, so that they fail in the same way.

The SDK builds and sends the request; what came back is judged here, from the wire. The SDKs' exceptions and models
differ by provider and version, carry the request with its key, and take a hotel's login page for an answer.
"""

import json
from collections.abc import Callable
from typing import Any, ClassVar

from aiproviders import failures
from aiproviders.backends import lanes
from aiproviders.backends.lane import Lane
from aiproviders.base import Endpoint, ListedModel, Prompt, Reply
from aiproviders.deadline import Deadline
from aiproviders.errors import ProviderError
from aiproviders.secret import fault_of

PLACEHOLDER = "set-by-the-lane"  # an SDK given no key, or an empty one, looks for others in the environment
QUIET = {
    "auth": "the key was refused",
    "quota": "the account has no credit left",
    "timeout": "no complete answer in time",
}


class Backend:
    """A provider behind HTTP. Subclasses say how to build the SDK and the requests, and how to read the answers."""

    key_header: ClassVar[str] = lanes.BEARER

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def complete(self, prompt: Prompt, *, model: str, schema: dict | None, deadline: float, max_tokens: int) -> Reply:
        """One HTTP request; raises ProviderError."""
        most = max_tokens + self.endpoint.thinking_tokens
        return self._exchange(lambda sdk: self.ask(sdk, prompt, model, schema, most), self.read, deadline)

    def list_models(self, *, deadline: float) -> list[ListedModel]:
        """One HTTP request; raises ProviderError."""
        return self._exchange(self.ask_models, self.read_models, deadline)

    def sdk(self, http: Any) -> Any:
        """The provider's SDK, sending through the HTTP client `http`, with its retries off."""
        raise NotImplementedError

    def ask(self, sdk: Any, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> None:
        """Send one request for a text."""
        raise NotImplementedError

    def read(self, answer: Any) -> Reply:
        """Read the answer's JSON; raises LookupError, TypeError, AttributeError or ValueError for anything else."""
        raise NotImplementedError

    def ask_models(self, sdk: Any) -> None:
        """Send one request for the list of models."""
        raise NotImplementedError

    def read_models(self, answer: Any) -> list[ListedModel]:
        """Like `read`, for the list of models."""
        raise NotImplementedError

    def _exchange(self, send: Callable, read: Callable, seconds: float) -> Any:
        self._check_endpoint()
        outcome, failure = self._try(send, read, seconds)
        if failure is not None:  # raised here, where neither the SDK's exception nor its frames can come along
            raise failure
        return outcome

    def _try(self, send: Callable, read: Callable, seconds: float) -> tuple[Any, ProviderError | None]:
        limit, answered = Deadline(seconds), None
        try:
            with lanes.lane(self.endpoint, limit, key_header=self.key_header) as lane:
                sdk = lane.sdk(self.sdk)  # may import for long: before the clock starts
                try:
                    with limit:
                        _send(send, sdk, lane)
                finally:
                    answered = lane.response  # the lane may serve somebody else below
            if answered.status_code == 200:
                return read(json.loads(answered.content)), None
        except Exception as error:
            return None, self._failure(error, limit, answered=answered is not None)
        return None, self._status_failure(answered)

    def _check_endpoint(self) -> None:
        name, key = self.endpoint.provider, self.endpoint.key
        if not self.endpoint.base_url:
            raise ProviderError("not_found", "no address is configured", provider=name)
        if not key and self.endpoint.key_required:
            raise ProviderError("no_key", "no API key is configured", provider=name)
        if key and fault_of(key.reveal()):
            raise ProviderError("auth", "the API key is not well-formed", provider=name)

    def _failure(self, error: Exception, limit: Deadline, *, answered: bool) -> ProviderError:
        import httpx2

        name, causes = self.endpoint.provider, _causes(error)
        if limit.passed or any(isinstance(cause, (httpx2.TimeoutException, TimeoutError)) for cause in causes):
            return ProviderError("timeout", QUIET["timeout"], provider=name)
        if any(isinstance(cause, httpx2.TransportError) for cause in causes):
            return ProviderError("connection", "the connection failed or broke off", provider=name)
        if answered:
            return ProviderError("malformed", f"the answer cannot be read: {type(error).__name__}", provider=name)
        return ProviderError("bad_request", f"the request cannot be made: {type(error).__name__}", provider=name)

    def _status_failure(self, answered: Any) -> ProviderError:
        status, body = answered.status_code, answered.content
        detail = failures.detail_of(body)
        kind = failures.kind_of(status, detail)
        if 300 <= status < 400:
            detail = "the address redirects elsewhere; configure the final address"
        elif self.endpoint.key:
            detail = detail.replace(self.endpoint.key.reveal(), "[key]")
        return ProviderError(
            kind,
            f"HTTP {status}: {QUIET.get(kind) or storable(detail)[:200]}",
            provider=self.endpoint.provider,
            status=status,
            retry_after=failures.retry_after(answered.headers, body),
        )


def storable(text: str) -> str:
    """Without what a database column cannot hold: NUL and lone surrogates, both legal in JSON."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _send(send: Callable, sdk: Any, lane: Lane) -> None:
    try:
        send(sdk)
    except Exception:
        if not lane.answered:  # else the answer is whole, and judged without the SDK's opinion of it
            raise


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
