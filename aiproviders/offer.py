"""A model that somebody names: is there such a one, and may it be chosen?"""

from collections.abc import Container

from aiproviders import keys, registry
from aiproviders.base import ModelChoice
from aiproviders.choice import choose
from aiproviders.errors import ProviderError


class NotOffered(ValueError):
    """Says what is wrong with the name and what to do; does not repeat it."""


def pick(name: str, offered: Container[str]) -> ModelChoice:
    """The model called `name`, if it is one of `offered` ("provider/model") or of a server of the staff's own.

    An alias is taken, and a retired model gives its successor, as in `choose`. Raises NotOffered.
    """
    try:
        choice = choose(name)
    except ProviderError:
        raise NotOffered("There is no such model; choose one of those offered.") from None
    names = {f"{keys.account_of(choice.provider)}/{choice.model}", str(choice)}
    if not any(known in offered for known in names) and not _is_of_own_server(choice.provider):
        raise NotOffered("This model is not offered; choose one that is.")
    return choice


def _is_of_own_server(provider: str) -> bool:
    """Nobody but the house knows the models of a server that it added itself."""
    line = registry.entry(provider)
    return not line.key and not line.free
