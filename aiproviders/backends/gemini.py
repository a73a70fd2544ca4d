"""What Gemini answers on the wire, read in the same way for both of Google's SDKs."""

from typing import Any

from aiproviders.backends.exchange import storable
from aiproviders.base import ListedModel, Reply, Usage

# The old SDK asks for numbers instead of names.
FINISHES = {"STOP": "stop", 1: "stop", "MAX_TOKENS": "length", 2: "length"}
FILTERED = {"SAFETY", 3, "RECITATION", 4, "LANGUAGE", 6, "BLOCKLIST", 7, "PROHIBITED_CONTENT", 8, "SPII", 9}
MOST_LISTED = 1000  # Google's limit for one page


def read(answer: Any) -> Reply:
    """The reply in generateContent's JSON; raises LookupError, TypeError, AttributeError or ValueError."""
    usage, model = _usage(answer.get("usageMetadata")), storable(str(answer.get("modelVersion") or ""))
    if (answer.get("promptFeedback") or {}).get("blockReason"):
        return Reply(text="", model=model, finish="content_filter", usage=usage)
    candidate = answer["candidates"][0]
    reason = candidate["finishReason"]
    finish = "content_filter" if reason in FILTERED else FINISHES[reason]
    parts = (candidate.get("content") or {}).get("parts") or []
    text = "".join(part["text"] for part in parts if not part.get("thought"))
    return Reply(text=storable(text), model=model, finish=finish, usage=usage)


def read_models(answer: Any) -> list[ListedModel]:
    """The models in models.list's JSON that write texts; Google tells no dates of retirement."""
    lines = [line for line in answer["models"] if "generateContent" in _methods(line)]
    return [_listed(line) for line in lines]


def _methods(line: dict[str, Any]) -> list[str]:
    return line.get("supportedGenerationMethods") or ["generateContent"]


def _listed(line: dict[str, Any]) -> ListedModel:
    context = line.get("inputTokenLimit")
    name = storable(str(line["name"])).removeprefix("models/")
    return ListedModel(id=name, context_tokens=context if isinstance(context, int) else None)


def _usage(usage: Any) -> Usage | None:
    """Google counts thoughts apart from the text."""
    try:
        return Usage(
            input_tokens=int(usage["promptTokenCount"]) + int(usage.get("toolUsePromptTokenCount") or 0),
            cached_tokens=int(usage.get("cachedContentTokenCount") or 0),
            output_tokens=int(usage.get("candidatesTokenCount") or 0) + int(usage.get("thoughtsTokenCount") or 0),
        )
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return None
