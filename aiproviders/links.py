"""Which models may write a text, in which order."""

import logging
from collections.abc import Iterable

from django.conf import settings

from aiproviders.base import ModelChoice
from aiproviders.choice import choose, default_model
from aiproviders.errors import ProviderError
from aiproviders.models.settings import AISettings

log = logging.getLogger(__name__)


def links_of(
    chosen: AISettings | None, *, model: str | None, fallbacks: Iterable[str] | None, demo_allowed: bool
) -> list[ModelChoice]:
    """`model`, else the one preferred in `chosen`, else the default; then `fallbacks`, else the user's and the house's.

    Each model comes once. The built-in model and the extract writer come only if `demo_allowed`. Raises ProviderError:
    "not_found" for a first model that does not exist, "no_key" when nothing is left.
    """
    first = model or (chosen.preferred_model if chosen else "")
    choices = [choose(first) if first else default_model()]
    if fallbacks is None:
        fallbacks = [*(chosen.fallbacks if chosen else ()), *settings.AI_FALLBACKS]
    choices += filter(None, map(_existing, fallbacks))
    links = {str(choice): choice for choice in choices if demo_allowed or not choice.is_demo}
    if not links:
        message = "only the demo writer is configured, and it may not do this work; set OPENAI_API_KEY or another key"
        raise ProviderError("no_key", message, provider=choices[0].provider)
    return list(links.values())


def _existing(name: str) -> ModelChoice | None:
    """The fallback `name`; None for one whose provider has gone, because the others can still help."""
    try:
        return choose(name)
    except ProviderError as error:
        log.warning("Fallback left out: %s", error.message)
    return None
