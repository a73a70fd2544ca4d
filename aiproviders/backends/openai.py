"""OpenAI, and every server that speaks its chat completions: the built-in model, Ollama, vLLM, llama.cpp."""

import json
import re
from typing import Any

from aiproviders import failures
from aiproviders.backends import lanes
from aiproviders.base import Endpoint, Prompt, Reply, Usage
from aiproviders.deadline import Deadline
from aiproviders.errors import ProviderError

CONNECT_SECONDS = 5.0
WELL_FORMED = re.compile(r"[!-~]*")  # anything else breaks the header, and the error then shows the key
QUIET = {
    "auth": "the key was refused",
    "quota": "the account has no credit left",
    "timeout": "no complete answer in time",
}


class OpenAI:
    """The SDK sends and judges the HTTP status; the JSON is read here, which is stricter and half as expensive."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def complete(self, prompt: Prompt, *, model: str, schema: dict | None, deadline: float, max_tokens: int) -> Reply:
        """One HTTP request; raises ProviderError."""
        import httpx2

        self._check_endpoint()
        failure, limit, key = None, Deadline(deadline), self.endpoint.key or "none"
        body = self._request(prompt, model, schema, max_tokens)
        try:
            with lanes.lane(self.endpoint, key, limit) as http:
                client = self._client(http, key, deadline)
                with limit:
                    answer = client.post("/chat/completions", body=body, cast_to=httpx2.Response)
            reply = _read(json.loads(answer.content))
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
        return {**request, **self.endpoint.extra_body}

    def _client(self, http: Any, key: str, seconds: float) -> Any:
        import httpx2
        import openai

        return openai.OpenAI(
            api_key=key,
            base_url=self.endpoint.base_url,
            timeout=httpx2.Timeout(seconds, connect=min(CONNECT_SECONDS, seconds)),
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


def _read(answer: Any) -> Reply:
    """Raises KeyError, IndexError, TypeError, AttributeError or ValueError for anything but a chat completion."""
    choice = answer["choices"][0]
    message = choice["message"]
    text = message.get("content") or ""
    finish = "refusal" if message.get("refusal") else choice["finish_reason"]
    if not isinstance(text, str) or finish not in ("stop", "length", "content_filter", "refusal"):
        raise ValueError("not a finished text")
    model = _storable(str(answer.get("model") or ""))
    return Reply(text=_storable(text), model=model, finish=finish, usage=_usage(answer.get("usage")))


def _storable(text: str) -> str:
    """Without what a database column cannot hold: NUL and lone surrogates, both legal in JSON."""
    return text.replace("\0", "").encode(errors="replace").decode()


def _usage(usage: Any) -> Usage | None:
    """None when the server does not count; some send an empty object."""
    try:
        read, written = int(usage["prompt_tokens"]), int(usage["completion_tokens"])
        cached = int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return Usage(input_tokens=read, cached_tokens=cached, output_tokens=written)
