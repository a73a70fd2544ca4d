"""The one way to get a text from a language model."""

import logging
import time
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils import timezone

from aiproviders import prices, registry, verdict
from aiproviders.base import Completion, ModelChoice, Prompt, Reply, Usage
from aiproviders.choice import choose, default_model
from aiproviders.errors import ProviderError
from aiproviders.models import AICall

__all__ = ["choose", "complete", "default_model"]
log = logging.getLogger(__name__)


@dataclass
class _Attempt:
    choice: ModelChoice
    reply: Reply | None = None
    data: dict | None = None
    failure: ProviderError | None = None
    milliseconds: int = 0
    cost: Decimal | None = None

    @property
    def model_answered(self) -> str:
        return self.reply.model if self.reply else ""

    @property
    def usage(self) -> Usage | None:
        return self.reply.usage if self.reply else None


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
    attempt = _attempt(choice, prompt, schema=schema, deadline=limit, max_tokens=max_tokens)
    _record(attempt, user=user, job_id=job_id, purpose=purpose)
    if attempt.failure:
        raise attempt.failure
    return Completion(
        text=attempt.reply.text.strip(),
        data=attempt.data,
        provider=choice.provider,
        model=attempt.model_answered or choice.model,
        finish_reason=attempt.reply.finish,
        usage=attempt.usage,
        cost=attempt.cost,
    )


def _give_connection_back() -> None:
    """A model call takes seconds to minutes; a database connection held that long starves everybody else."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            raise RuntimeError("complete() was called inside an open transaction; call it before or after.")
    connections.close_all()


def _attempt(choice: ModelChoice, prompt: Prompt, *, schema, deadline, max_tokens) -> _Attempt:
    attempt = _Attempt(choice)
    started, clock = timezone.now(), time.monotonic()
    try:
        attempt.reply = registry.provider(choice.provider).complete(
            prompt, model=choice.model, schema=schema, deadline=deadline, max_tokens=max_tokens
        )
        attempt.data = verdict.data_of(attempt.reply, schema=schema, provider=choice.provider)
    except ProviderError as error:
        attempt.failure = error
    attempt.milliseconds = int((time.monotonic() - clock) * 1000)
    models = [attempt.model_answered, choice.model]
    attempt.cost = prices.cost(provider=choice.provider, models=models, usage=attempt.usage, at=started)
    return attempt


def _record(attempt: _Attempt, *, user, job_id: UUID | None, purpose: str) -> None:
    failure, usage = attempt.failure, attempt.usage
    call = AICall.objects.create(
        provider=attempt.choice.provider,
        model_asked=attempt.choice.model[:200],
        model_answered=attempt.model_answered[:200],
        user=user,
        job_id=job_id,
        purpose=purpose,
        outcome=failure.kind if failure else "ok",
        http_status=failure.status if failure else None,
        input_tokens=usage and usage.input_tokens,
        cached_tokens=usage and usage.cached_tokens,
        output_tokens=usage and usage.output_tokens,
        milliseconds=attempt.milliseconds,
        cost=attempt.cost,
        prices_version=prices.list_version(),
    )
    log.info("%s for %s: %s in %d ms", attempt.choice, purpose or "-", call.outcome, call.milliseconds)
