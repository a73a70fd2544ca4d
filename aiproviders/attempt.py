"""One attempt at one model: send, judge, time, price. Touches no database."""

import time
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from aiproviders import prices, registry, verdict
from aiproviders.base import Completion, ModelChoice, Prompt, Reply, Usage
from aiproviders.errors import ProviderError
from aiproviders.secret import Secret

REFUSED_BEFORE_SENDING = {"no_key", "auth", "not_found"}


@dataclass
class Attempt:
    """What came of it. Either `failure` is set, or `reply` holds a whole answer; useless replies are kept as paid."""

    choice: ModelChoice
    reply: Reply | None = None
    data: dict | None = None
    failure: ProviderError | None = None
    milliseconds: int = 0
    cost: Decimal | None = None

    @property
    def outcome(self) -> str:
        return self.failure.kind if self.failure else "ok"

    @property
    def model_answered(self) -> str:
        return self.reply.model if self.reply else ""

    @property
    def usage(self) -> Usage | None:
        return self.reply.usage if self.reply else None

    @property
    def completion(self) -> Completion:
        """What the caller is given of a whole answer."""
        return Completion(
            text=self.reply.text.strip(),
            data=self.data,
            provider=self.choice.provider,
            model=self.model_answered or self.choice.model,
            finish_reason=self.reply.finish,
            usage=self.usage,
            cost=self.cost,
        )

    @property
    def charged(self) -> Decimal | None:
        """US dollars to settle; None when nobody knows whether, or how much, the provider charges."""
        if self.cost is not None or self.failure is None:
            return self.cost
        answered = self.failure.status is not None and self.failure.kind != "timeout"
        return Decimal(0) if answered or self.failure.kind in REFUSED_BEFORE_SENDING else None

    @property
    def tokens(self) -> int | None:
        """What counts for a rate limit; None when nobody knows."""
        if self.usage:
            return self.usage.input_tokens + self.usage.output_tokens
        return 0 if self.failure and self.charged == 0 else None


def attempt(
    choice: ModelChoice,
    prompt: Prompt,
    *,
    key: Secret | None = None,
    schema: dict | None = None,
    deadline: float = 60,
    max_tokens: int = 2048,
) -> Attempt:
    """Ask `choice` once, for at most `deadline` seconds; a provider's failure is in the result, not raised.

    `key` comes from aiproviders.keys.resolve; None is the house's key from the settings.
    """
    made = Attempt(choice)
    started, clock = timezone.now(), time.monotonic()
    try:
        made.reply = registry.provider(choice.provider, key=key).complete(
            prompt, model=choice.model, schema=schema, deadline=deadline, max_tokens=max_tokens
        )
        made.data = verdict.data_of(made.reply, schema=schema, provider=choice.provider)
    except ProviderError as error:
        made.failure = error
    made.milliseconds = int((time.monotonic() - clock) * 1000)
    models = [made.model_answered, choice.model]
    made.cost = prices.cost(provider=choice.provider, models=models, usage=made.usage, at=started)
    return made
