"""Anthropic's Claude, by its messages. No sampling parameters: the current API refuses them."""

from datetime import datetime
from typing import Any

from aiproviders.backends.exchange import PLACEHOLDER, Backend, storable
from aiproviders.base import ListedModel, Prompt, Reply, Usage

FINISHES = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refusal",
}
MOST_LISTED = 1000  # Anthropic's limit for one page


class Anthropic(Backend):
    """`post` and `get` of the SDK instead of its typed methods, as for OpenAI."""

    def sdk(self, http: Any) -> Any:
        import anthropic

        return anthropic.Anthropic(
            api_key=PLACEHOLDER, base_url=self.endpoint.base_url, max_retries=0, timeout=None, http_client=http
        )

    def ask(self, sdk: Any, prompt: Prompt, model: str, schema: dict | None, max_tokens: int) -> None:
        import anthropic
        import httpx2

        body: dict[str, Any] = {
            "model": model,
            "max_tokens": max_tokens,
            "messages": [{"role": "user", "content": prompt.user_message()}],
        }
        if prompt.system:
            body["system"] = prompt.system
        if schema is not None:  # limits such as "maximum" are not known there; the SDK puts them into words
            body["output_config"] = {"format": {"type": "json_schema", "schema": anthropic.transform_schema(schema)}}
        sdk.post("/v1/messages", body=body, cast_to=httpx2.Response)

    def read(self, answer: Any) -> Reply:
        texts = [block["text"] for block in answer["content"] if block["type"] == "text"]  # others are thoughts
        return Reply(
            text=storable("".join(texts)),
            model=storable(str(answer.get("model") or "")),
            finish=FINISHES[answer["stop_reason"]],
            usage=_usage(answer.get("usage")),
        )

    def ask_models(self, sdk: Any) -> None:
        import httpx2

        sdk.get("/v1/models", cast_to=httpx2.Response, options={"params": {"limit": MOST_LISTED}})

    def read_models(self, answer: Any) -> list[ListedModel]:
        return [_listed(line) for line in answer["data"]]


def _usage(usage: Any) -> Usage | None:
    """Anthropic's own input count leaves out what was read from or written to the cache."""
    try:
        cached = int(usage.get("cache_read_input_tokens") or 0)
        stored = int(usage.get("cache_creation_input_tokens") or 0)
        return Usage(
            input_tokens=int(usage["input_tokens"]) + cached + stored,
            cached_tokens=cached,
            output_tokens=int(usage["output_tokens"]),
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None


def _listed(line: dict[str, Any]) -> ListedModel:
    context, retires = line.get("max_input_tokens"), line.get("retires_at")
    return ListedModel(
        id=storable(str(line["id"])),
        context_tokens=context if isinstance(context, int) else None,
        retires_on=datetime.fromisoformat(retires).date() if retires else None,
    )
