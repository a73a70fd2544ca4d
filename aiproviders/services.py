"""The one way to get a text from a language model."""

import json
import logging
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils import timezone

from aiproviders import prices, registry
from aiproviders.base import Completion, ModelChoice, Prompt, Reply
from aiproviders.errors import ProviderError
from aiproviders.models import AICall

log = logging.getLogger(__name__)
UNFINISHED = {
    "length": ("truncated", "the text was cut off at the token limit"),
    "content_filter": ("content_filter", "the provider's filter withheld the text"),
    "refusal": ("refusal", "the model refused to write this"),
}


def default_model() -> ModelChoice:
    """The model that writes when nobody asks for one: AI_MODEL, else OpenAI with a key, else built-in, else extract."""
    if settings.AI_MODEL:
        return choose(settings.AI_MODEL)
    if settings.OPENAI_API_KEY:
        return choose("openai")
    return choose("local" if settings.LOCAL_LLM_URL else "extract")


def choose(name: str) -> ModelChoice:
    """The model called `name`: "provider/model", or "provider" for its default; raises ProviderError("not_found")."""
    provider, _, model = name.partition("/")
    line = registry.entry(provider)
    model = model or line.default_model
    label, is_demo = f"{line.label} {model}", False
    if provider == "extract":
        label, is_demo = "Automatic extract (not written by AI)", True
    elif provider == "local":
        own = settings.LOCAL_MODEL_PATH
        label, is_demo = f"{Path(own).stem if own else 'SmolLM2-135M-Instruct'} (built in)", not own
    return ModelChoice(provider=provider, model=model, label=label, is_demo=is_demo)


def complete(
    prompt: Prompt,
    *,
    user=None,
    model: str | None = None,
    schema: dict | None = None,
    deadline: float | None = None,
    max_tokens: int = 2048,
    job_id: UUID | None = None,
    purpose: str = "",
) -> Completion:
    """One attempt at `prompt`, recorded as an AICall whether it succeeds or not.

    `model` is "provider/model" or None for the default; `schema` a JSON schema (object) the answer must fit;
    `deadline` seconds for the whole call. Raises ProviderError; RuntimeError inside an open transaction.
    """
    choice = choose(model) if model else default_model()
    _give_connection_back()
    reply, data, failure = None, None, None
    started, clock = timezone.now(), time.monotonic()
    try:
        reply = registry.provider(choice.provider).complete(
            prompt,
            model=choice.model,
            schema=schema,
            deadline=deadline or settings.AI_DEADLINE_SECONDS,
            max_tokens=max_tokens,
        )
        data = _check(reply, schema=schema, provider=choice.provider)
    except ProviderError as error:
        failure = error
    milliseconds = int((time.monotonic() - clock) * 1000)
    answered, usage = (reply.model, reply.usage) if reply else ("", None)
    cost = prices.cost(provider=choice.provider, models=[answered, choice.model], usage=usage, at=started)
    call = AICall.objects.create(
        provider=choice.provider,
        model_asked=choice.model,
        model_answered=answered,
        user=user,
        job_id=job_id,
        purpose=purpose,
        outcome=failure.kind if failure else "ok",
        http_status=failure.status if failure else None,
        input_tokens=usage and usage.input_tokens,
        cached_tokens=usage and usage.cached_tokens,
        output_tokens=usage and usage.output_tokens,
        milliseconds=milliseconds,
        cost=cost,
        prices_version=prices.list_version(),
    )
    log.info("%s for %s: %s in %d ms", choice, purpose or "-", call.outcome, milliseconds)
    if failure:
        raise failure
    return Completion(
        text=reply.text.strip(),
        data=data,
        provider=choice.provider,
        model=reply.model or choice.model,
        finish_reason=reply.finish,
        usage=usage,
        cost=cost,
    )


def _give_connection_back() -> None:
    """A model call takes seconds to minutes; a database connection held that long starves everybody else."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise RuntimeError("complete() was called inside an open transaction; call it before or after.")
    connections.close_all()


def _check(reply: Reply, *, schema: dict | None, provider: str) -> dict | None:
    """The answer's data if a schema was asked for; raises ProviderError for anything that is not a whole answer."""
    if reply.finish in UNFINISHED:
        kind, message = UNFINISHED[reply.finish]
        raise ProviderError(kind, message, provider=provider)
    if not reply.text.strip():
        raise ProviderError("empty", "the answer has no text", provider=provider)
    if schema is None:
        return None
    import jsonschema

    fault = ""
    try:
        data = json.loads(reply.text)
        jsonschema.validate(data, schema)
    except ValueError:
        fault = "the answer is not JSON"
    except jsonschema.ValidationError as error:
        fault = f"the answer does not fit the schema at {error.json_path}"
    if fault:
        raise ProviderError("malformed", fault, provider=provider)
    return data
