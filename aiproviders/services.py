"""The one way to get a text from a language model."""

import re
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.conf import settings

from aiproviders import budgets, keys
from aiproviders.base import Completion, ModelChoice, Prompt
from aiproviders.chain import Chain, Request
from aiproviders.choice import choose, default_model
from aiproviders.connection import give_back
from aiproviders.errors import ProviderError
from aiproviders.links import links_of
from aiproviders.models.settings import AISettings

__all__ = ["check_keys", "choose", "complete", "default_model", "first_choice", "other_models"]


def complete(
    prompt: Prompt,
    *,
    user=None,
    model: str | None = None,
    fallbacks: Iterable[str] | None = None,
    schema: dict | None = None,
    deadline: float | None = None,
    max_tokens: int = 2048,
    job_id: UUID | None = None,
    purpose: str = "",
    demo_allowed: bool = False,
) -> Completion:
    """What the first model that can has written; every attempt is recorded as an AICall.

    `model` is "provider/model", None for the one that `user` prefers or the default; `fallbacks` come after it, None
    for the user's and the house's. `schema`: a JSON schema the answer must fit; `deadline`: seconds for each attempt,
    of which there are at most four. `demo_allowed`: may the built-in model or the extract writer do this work?

    Raises ProviderError, whose `permanent` and `retry_after` (seconds) say whether and when it makes sense to ask again
    (docs/providers.md); RuntimeError inside an open transaction, before anything leaves.
    """
    give_back()
    chosen = AISettings.objects.filter(user=user).first() if user is not None else None
    links = links_of(chosen, model=model, fallbacks=fallbacks, demo_allowed=demo_allowed)
    wanted = {"prompt": prompt, "schema": schema, "max_tokens": max_tokens, "user": user}
    wanted |= {"deadline": deadline or settings.AI_DEADLINE_SECONDS, "budgets": _budgets(user, chosen)}
    request = Request(**wanted, job_id=job_id, purpose=purpose)
    return Chain(request, links, give_back).run().completion


def first_choice(*, user=None, model: str | None = None) -> ModelChoice:
    """The model that `complete` asks first for this user. Raises ProviderError("not_found")."""
    chosen = AISettings.objects.filter(user=user).first() if user is not None else None
    return links_of(chosen, model=model, fallbacks=(), demo_allowed=True)[0]


def other_models(provider: str, model: str) -> list[str]:
    """The house's models, as "provider/model" in its order, without the one that wrote as `model` of `provider`.

    Never the built-in one: this is for a text that was not good enough.
    """
    links = links_of(None, model=None, fallbacks=None, demo_allowed=False)
    return [str(link) for link in links if link.provider != provider or not _is_edition(model, link.model)]


def _is_edition(answered: str, asked: str) -> bool:
    """Providers answer in the name of a model's dated edition: "gpt-6-2026-08-01" for "gpt-6", never "gpt-6-mini"."""
    return answered == asked or re.fullmatch(rf"{re.escape(asked)}[-@][\d-]+", answered) is not None


def check_keys(*, user=None, model: str | None = None, demo_allowed: bool = True) -> None:
    """Raise the first model's ProviderError unless somebody's key pays for one of those that `complete` would ask."""
    chosen = AISettings.objects.filter(user=user).first() if user is not None else None
    first = None
    for choice in links_of(chosen, model=model, fallbacks=None, demo_allowed=demo_allowed):
        try:
            keys.resolve(choice.provider, user=user)
            return
        except ProviderError as error:
            first = first or error
    raise first


def _budgets(user, chosen: AISettings | None) -> dict[str, Decimal]:
    """The daily limits that this call has to keep to, in dollars, by owner."""
    held = {}
    if settings.AI_DAILY_LIMIT is not None:
        held[budgets.HOUSE] = settings.AI_DAILY_LIMIT
    if chosen and chosen.daily_limit is not None:
        held[budgets.owner_of(user)] = chosen.daily_limit
    return held
