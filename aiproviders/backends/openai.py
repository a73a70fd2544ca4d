"""OpenAI, and every server that speaks its chat completions: Groq, xAI, Ollama, vLLM, llama.cpp, the built-in one."""

import json
from datetime import date
from typing import Any

from aiproviders.backends.exchange import PLACEHOLDER, Backend, storable
from aiproviders.base import ListedModel, Prompt, Reply, Usage

WANTED = (
    "Answer with one JSON object and nothing else: no introduction, no code fence. It must fit this JSON schema:\n{}"
)
# Groq and vLLM; llama.cpp keeps it in "meta".
CONTEXT_NAMES = ("context_window", "max_model_len", "context_length", "n_ctx_train")


class OpenAI(Backend):
    """`post` and `get` of the SDK instead of its typed methods: those cost half a millisecond more per call."""

    def sdk(self, http: Any) -> Any:
        import openai

        return openai.OpenAI(
            api_key=PLACEHOLDER, base_url=self.endpoint.base_url, max_retries=0, timeout=None, http_client=http
        )

    def ask(self, sdk: Any, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> None:
        import httpx2

        body = self._request(prompt, model, schema, max_tokens)
        sdk.post("/chat/completions", body=body, cast_to=httpx2.Response)

    def _request(self, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> dict[str, Any]:
        system, extra = prompt.system, dict(self.endpoint.extra_body)
        if schema is not None and self.endpoint.supports_json_schema:
            wanted = {"name": "answer", "strict": True, "schema": schema}
            extra["response_format"] = {"type": "json_schema", "json_schema": wanted}
        elif schema is not None:
            system = f"{system}\n\n{WANTED.format(json.dumps(schema))}"
        return {
            "model": model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": prompt.user_message()},
            ],
            "max_tokens" if self.endpoint.legacy_max_tokens else "max_completion_tokens": max_tokens,
            **extra,
        }

    def read(self, answer: Any) -> Reply:
        choice = answer["choices"][0]
        message = choice["message"]
        text = message.get("content") or ""
        finish = "refusal" if message.get("refusal") else choice["finish_reason"]
        if not isinstance(text, str) or finish not in ("stop", "length", "content_filter", "refusal"):
            raise ValueError("not a finished text")
        model = storable(str(answer.get("model") or ""))
        return Reply(text=storable(text), model=model, finish=finish, usage=_usage(answer.get("usage")))

    def ask_models(self, sdk: Any) -> None:
        import httpx2

        sdk.get("/models", cast_to=httpx2.Response)

    def read_models(self, answer: Any) -> list[ListedModel]:
        return [_listed(line) for line in answer["data"]]


def _usage(usage: Any) -> Usage | None:
    """None when the server does not count; some send an empty object. Output includes the tokens spent on thinking."""
    try:
        read, written = int(usage["prompt_tokens"]), int(usage["completion_tokens"])
        written = max(written, int(usage.get("total_tokens") or 0) - read)  # xAI counts thinking in the total only
        cached = int((usage.get("prompt_tokens_details") or {}).get("cached_tokens") or 0)
        return Usage(input_tokens=read, cached_tokens=cached, output_tokens=written)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None


def _listed(line: dict[str, Any]) -> ListedModel:
    known = {**(line.get("meta") or {}), **line}
    context = next((known[name] for name in CONTEXT_NAMES if isinstance(known.get(name), int)), None)
    shutdown = line.get("shutdown_date")
    return ListedModel(
        id=storable(str(line["id"])),
        context_tokens=context,
        retires_on=date.fromisoformat(shutdown[:10]) if shutdown else None,
    )
