"""The one way to get a text from a language model."""

import logging
from uuid import UUID

from django.conf import settings
from django.db import connections

from aiproviders import prices
from aiproviders.attempt import Attempt, attempt
from aiproviders.base import Completion, Prompt
from aiproviders.choice import choose, default_model
from aiproviders.models import AICall

__all__ = ["choose", "complete", "default_model"]
log = logging.getLogger(__name__)


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

    `model` is "provider/model" or None for the default; `schema` a JSON schema the answer must fit; `deadline`
    seconds for the whole call. Raises ProviderError; RuntimeError inside an open transaction, before anything leaves.
    """
    choice = choose(model) if model else default_model()
    _give_connection_back()
    limit = deadline or settings.AI_DEADLINE_SECONDS
    made = attempt(choice, prompt, schema=schema, deadline=limit, max_tokens=max_tokens)
    _record(made, user=user, job_id=job_id, purpose=purpose)
    if made.failure:
        raise made.failure
    return Completion(
        text=made.reply.text.strip(),
        data=made.data,
        provider=choice.provider,
        model=made.model_answered or choice.model,
        finish_reason=made.reply.finish,
        usage=made.usage,
        cost=made.cost,
    )


def _give_connection_back() -> None:
    """A model call takes seconds to minutes; a database connection held that long starves everybody else."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise RuntimeError("complete() was called inside an open transaction; call it before or after.")
    connections.close_all()


def _record(made: Attempt, *, user, job_id: UUID | None, purpose: str) -> None:
    usage = made.usage
    AICall.objects.create(
        provider=made.choice.provider,
        model_asked=made.choice.model[:200],
        model_answered=made.model_answered[:200],
        user=user,
        job_id=job_id,
        purpose=purpose,
        outcome=made.outcome,
        http_status=made.failure.status if made.failure else None,
        input_tokens=usage and usage.input_tokens,
        cached_tokens=usage and usage.cached_tokens,
        output_tokens=usage and usage.output_tokens,
        milliseconds=made.milliseconds,
        cost=made.cost,
        prices_version=prices.list_version(),
    )
    log.info("%s for %s: %s in %d ms", made.choice, purpose or "-", made.outcome, made.milliseconds)
