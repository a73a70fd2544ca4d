"""Does a key work? Asked with the cheapest call there is: the provider's list of models."""

import time
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from aiproviders import catalogue, keynotes, keys, registry
from aiproviders.base import ListedModel
from aiproviders.errors import ProviderError

DEADLINE_SECONDS = 10.0
ADVICE = {
    "auth": "The provider refused this key. Replace it with one that is valid.",
    "quota": "The key is valid, but its account has no credit left. Add credit at the provider.",
    "rate_limit": "The provider asks to wait: this key is used too fast. Check again in a minute.",
    "overloaded": "The provider is overloaded. Check again in a few minutes.",
    "timeout": "The provider did not answer in 10 seconds. Check again later.",
    "server": "The provider had an error of its own. Check again later.",
    "connection": "The provider cannot be reached from here. Check the network, or again later.",
    "malformed": "The answer came from no such provider. Staff should check its address.",
    "not_found": "There is no provider at the configured address. Staff should check it.",
    "no_key": "There is no key to check. Save one first.",
    keynotes.CHECK_LOST: "The check did not finish. Check again.",
    keys.UNREADABLE: "The stored key cannot be read here: it was sealed elsewhere or for somebody else. Save it again.",
}
OTHERWISE = "The check failed. Check again; if it stays like this, ask staff."


@dataclass(frozen=True)
class Checked:
    """What came of a check. `kind` is empty when it is ok; `scope` says whose key it was."""

    ok: bool
    kind: str
    scope: str
    milliseconds: int
    models: int

    @property
    def reason(self) -> str:
        """What is wrong and what to do; holds nothing that a provider wrote."""
        return advice(self.kind)


def advice(kind: str) -> str:
    """What to do about an error of this kind; empty without one."""
    return ADVICE.get(kind, OTHERWISE) if kind else ""


def check(provider: str, *, user=None) -> Checked:
    """Ask for the list of models with the key that would pay for `user`, and note at the key what came of it."""
    credential, clock, models = keys.Credential(None, "none", ""), time.monotonic(), []
    kind = ""
    try:
        credential = keys.resolve(provider, user=user)
        models = _listed(provider, credential)
    except ProviderError as error:
        kind = keys.UNREADABLE if isinstance(error, keys.UnreadableKey) else error.kind
    milliseconds = int((time.monotonic() - clock) * 1000)
    keynotes.checked(credential, kind)
    return Checked(not kind, kind, credential.scope, milliseconds, len(models))


def refresh_catalogue() -> dict[str, str]:
    """Ask every provider of whom the house has a key for its models; what came of it, by provider.

    Who answers has taken the key, so it rests no more: nobody can save one anew that stands in the settings.
    """
    found = {}
    for provider in keys.accounts():
        try:
            credential = keys.resolve(provider)
            models = _listed(provider, credential)
        except ProviderError as error:
            if error.kind != "no_key":
                found[provider] = f"failed: {error.kind}"
            continue
        keynotes.checked(credential, "")
        named = catalogue.refresh(provider, models, now=timezone.now())
        found[provider] = f"{named} models"
    return found


def _listed(provider: str, credential: keys.Credential) -> list[ListedModel]:
    if not connection.in_atomic_block:
        connection.close()  # the provider may take its time; somebody else can use it meanwhile
    return registry.provider(provider, key=credential.secret).list_models(deadline=DEADLINE_SECONDS)
