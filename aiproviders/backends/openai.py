"""OpenAI, and every server that speaks its chat completions: the built-in model, Ollama, vLLM, llama.cpp."""

import re
from typing import Any
from urllib.parse import urlsplit

from aiproviders import failures
from aiproviders.base import Endpoint, Prompt, Reply, Usage
from aiproviders.deadline import Deadline
from aiproviders.errors import ProviderError

CONNECT_SECONDS = 5.0
WELL_FORMED = re.compile(r"[!-~]*")  # anything else breaks the header, and the error then shows the key
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# The SDK adds headers from OPENAI_ORG_ID, OPENAI_PROJECT_ID and OPENAI_CUSTOM_HEADERS: not ours to send.
HEADERS = {
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "user-agent",
}
QUIET = {
    "auth": "the key was refused",
    "quota": "the account has no credit left",
    "timeout": "no complete answer in time",
}


class OpenAI:
    """One client per call: keys never share a connection pool, and nothing outlives the call."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def complete(self, prompt: Prompt, *, model: str, schema: dict | None, deadline: float, max_tokens: int) -> Reply:
        """One HTTP request; raises ProviderError."""
        self._check_endpoint()
        failure, limit = None, Deadline(deadline)
        try:
            with self._client(limit) as client:
                create = client.chat.completions.create  # its first use imports for long: before the clock starts
                with limit:
                    answer = create(**self._request(prompt, model, schema, max_tokens))
            reply = _read(answer)
        except Exception as error:  # the SDK lets json, httpx2 and pydantic errors through
            failure = self._failure(error, timed_out=limit.passed)
        if failure is not None:
            raise failure
        return reply

    def _check_endpoint(self) -> None:
        # An empty key or address would make the SDK look into the environment.
        name = self.endpoint.provider
        if not self.endpoint.base_url:
            raise ProviderError("not_found", "no address is configured", provider=name)
        if not self.endpoint.key and self.endpoint.key_required:
            raise ProviderError("no_key", "no API key is configured", provider=name)
        if not WELL_FORMED.fullmatch(self.endpoint.key):
            raise ProviderError("auth", "the configured API key is not well-formed", provider=name)

    def _request(self, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": model,
            "messages": [
                {"role": "system", "content": prompt.system},
                {"role": "user", "content": prompt.user_message()},
            ],
            "max_tokens" if self.endpoint.legacy_max_tokens else "max_completion_tokens": max_tokens,
        }
        if schema is not None:
            wanted = {"name": "answer", "strict": True, "schema": schema}
            request["response_format"] = {"type": "json_schema", "json_schema": wanted}
        if self.endpoint.extra_body:
            request["extra_body"] = dict(self.endpoint.extra_body)
        return request

    def _client(self, limit: Deadline) -> Any:
        import httpx2
        import openai

        key = self.endpoint.key or "none"
        http = httpx2.Client(
            timeout=httpx2.Timeout(limit.seconds, connect=min(CONNECT_SECONDS, limit.seconds)),
            follow_redirects=False,
            trust_env=urlsplit(self.endpoint.base_url).hostname not in LOOPBACK,  # a proxy cannot reach our loopback
            event_hooks={"request": [limit.watch, _only_our_headers]},
        )
        return openai.OpenAI(
            api_key=key,
            base_url=self.endpoint.base_url,
            timeout=http.timeout,
            max_retries=0,
            http_client=http,
            default_headers={"Authorization": f"Bearer {key}"},
        )

    def _failure(self, error: Exception, *, timed_out: bool) -> ProviderError:
        import openai

        name = self.endpoint.provider
        if timed_out or isinstance(error, openai.APITimeoutError):
            return ProviderError("timeout", QUIET["timeout"], provider=name)
        if isinstance(error, openai.APIStatusError):
            return self._status_failure(error.status_code, error.response.headers, f"{error.code} {error.message}")
        if isinstance(error, openai.APIConnectionError):
            return ProviderError("connection", "the connection failed or broke off", provider=name)
        return ProviderError("malformed", f"the answer cannot be read: {type(error).__name__}", provider=name)

    def _status_failure(self, status: int, headers: Any, detail: str) -> ProviderError:
        kind = failures.kind_of(status, detail)
        if 300 <= status < 400:
            detail = "the address redirects elsewhere; configure the final address"
        elif self.endpoint.key:
            detail = detail.replace(self.endpoint.key, "[key]")
        return ProviderError(
            kind,
            f"HTTP {status}: {QUIET.get(kind) or ' '.join(detail.split())[:200]}",
            provider=self.endpoint.provider,
            status=status,
            retry_after=failures.retry_after(headers),
        )


def _only_our_headers(request: Any) -> None:
    for name in set(request.headers) - HEADERS:
        del request.headers[name]


def _read(answer: Any) -> Reply:
    """Raises AttributeError, IndexError, TypeError or ValueError for anything but a chat completion."""
    choice = answer.choices[0]
    text = choice.message.content or ""
    finish = "refusal" if choice.message.refusal else choice.finish_reason
    if not isinstance(text, str) or finish not in ("stop", "length", "content_filter", "refusal"):
        raise ValueError("not a finished text")
    model = _storable(str(answer.model or ""))
    return Reply(text=_storable(text), model=model, finish=finish, usage=_usage(answer.usage))


def _storable(text: str) -> str:
    """Without what a database column cannot hold: NUL and lone surrogates, both legal in JSON."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _usage(usage: Any) -> Usage | None:
    """None when the server does not count; some send an empty object."""
    if usage is None or not isinstance(usage.prompt_tokens, int) or not isinstance(usage.completion_tokens, int):
        return None
    cached = getattr(usage.prompt_tokens_details, "cached_tokens", None)
    return Usage(
        input_tokens=usage.prompt_tokens,
        cached_tokens=cached if isinstance(cached, int) else 0,
        output_tokens=usage.completion_tokens,
    )
