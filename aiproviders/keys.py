"""Whose key pays for a call, and the one place that writes keys. A key leaves here only inside a Secret."""

import logging
import math
import time
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from aiproviders import benches, registry, vault
from aiproviders.errors import ProviderError
from aiproviders.models.keys import AIKey
from aiproviders.secret import Secret, clean_key, fault_of

log = logging.getLogger(__name__)
UNREADABLE = "unreadable"
HURRIED_SECONDS = 2.0
_seen: frozenset[str] = frozenset()
_seen_at = -math.inf


class UnreadableKey(ProviderError):
    """There is a key, but it cannot be had: sealed under an unknown encryption key, or for somebody else."""


@dataclass(frozen=True)
class Credential:
    """What a call is paid with. `secret` is None for providers that need no key; `row` is the AIKey it came from."""

    secret: Secret | None
    scope: Literal["explicit", "user", "house", "none"]
    fingerprint: str
    row: int | None = None


def resolve(provider: str, *, user=None, key: Secret | None = None, hurried: bool = False) -> Credential:
    """`key`, else `user`'s own, else the house's if it lends it to `user`; never what an SDK finds by itself.

    `user` None is the house's own work. `hurried` saves a query while the house keeps all its keys in the settings; a
    row of its own is then found after two seconds at most. Raises ProviderError: "no_key" names all ways to get one,
    "auth" a house key in the settings that cannot be one; UnreadableKey, and the row stays as it is.
    """
    if key:
        return Credential(key, "explicit", vault.fingerprint(key))
    account = account_of(provider)
    if takes_key(provider):
        if user is not None and (row := AIKey.objects.filter(user=user, provider=account).first()):
            return _opened(row, "user")
        if house_lends_to(user) and not (hurried and account not in _house_rows()):
            if row := AIKey.objects.filter(user=None, provider=account).first():
                return _opened(row, "house")
    if (secret := configured(provider)) and (house_lends_to(user) or not takes_key(provider)):
        return Credential(secret, "house", vault.fingerprint(secret))
    if not takes_key(provider):
        return Credential(None, "none", "")
    raise ProviderError("no_key", _ways(provider, user), provider=provider)


def configured(provider: str) -> Secret | None:
    """The house's key in the settings; raises ProviderError("auth") for one that would break a header."""
    line = registry.entry(provider)
    text = _setting(provider)
    if text and fault_of(text):
        raise ProviderError("auth", f"the configured API key ({line.key}) is not well-formed", provider=provider)
    return Secret(text) if text else None


def save(provider: str, text: str, *, user=None) -> AIKey:
    """Keep `text` as the key of `user` (None: the house) for `provider`, instead of an earlier one.

    Raises InvalidKey; nothing is stored then.
    """
    secret = clean_key(text)
    account = account_of(provider)
    values = {
        "token": vault.seal(secret, owner=AIKey(user=user, provider=account).sealed_for),
        "last_four": secret.last_four,
        "fingerprint": vault.fingerprint(secret),
        "added_at": timezone.now(),
        "last_used_at": None,
        "last_checked_at": None,
        "last_ok_at": None,
        "last_error_kind": "",
    }
    with transaction.atomic():
        row, _ = AIKey.objects.update_or_create(user=user, provider=account, defaults=values)
    forget_house_rows()
    benches.lift(row.fingerprint)
    log.info("AI key for %s saved for %s", account, row.owner)
    return row


def remove(provider: str, *, user=None) -> bool:
    """Forget the key of `user` (None: the house); False when there was none."""
    gone, _ = AIKey.objects.filter(user=user, provider=account_of(provider)).delete()
    forget_house_rows()
    return bool(gone)


def has_own(provider: str, *, user) -> bool:
    """Whether `user` has an own key for it, readable or not."""
    return AIKey.objects.filter(user=user, provider=account_of(provider)).exists()


def account_of(provider: str) -> str:
    """Under which name a key is kept: two backends of one company share it."""
    setting = registry.entry(provider).key
    if not setting:
        return provider
    return next(name for name, line in registry.PROVIDERS.items() if line.key == setting)


def takes_key(provider: str) -> bool:
    """Whether a user or the house may have a key for it."""
    line = registry.entry(provider)
    return line.key_required and not line.free


def accounts() -> list[str]:
    """All names under which keys are kept, in the registry's order."""
    return [name for name in registry.PROVIDERS if takes_key(name) and account_of(name) == name]


def house_lends_to(user) -> bool:
    """Whether `user` may spend the house's keys; the house's own work (None) always may."""
    if user is None or settings.AI_HOUSE_KEYS_FOR == "everyone":
        return True
    return settings.AI_HOUSE_KEYS_FOR == "staff" and bool(user.is_staff)


def lent_to(user) -> set[str]:
    """The names of `accounts()` for which the house has a key that `user` may spend; its spelling is not checked."""
    if not house_lends_to(user):
        return set()
    stored = set(AIKey.objects.filter(user=None).values_list("provider", flat=True))
    return {name for name in accounts() if name in stored or is_configured(name)}


def secret_of(row: AIKey) -> Secret:
    """The key in `row`; raises vault.Unreadable, and the row stays as it is."""
    return vault.unseal(row.token, owner=row.sealed_for)


def _opened(row: AIKey, scope: Literal["user", "house"]) -> Credential:
    fault = ""
    try:
        return Credential(secret_of(row), scope, row.fingerprint, row.pk)
    except vault.Unreadable as error:
        fault = str(error)
    log.error("AI key %d (%s, %s) cannot be read: %s", row.pk, row.provider, row.owner, fault)
    AIKey.objects.filter(pk=row.pk, token=row.token).update(last_checked_at=timezone.now(), last_error_kind=UNREADABLE)
    raise UnreadableKey("no_key", f"the stored key cannot be read ({fault}); save it again", provider=row.provider)


def is_configured(provider: str) -> bool:
    """Whether the settings have a key of the house for it; asks no database."""
    return bool(_setting(provider))


def house_has(provider: str) -> bool:
    """Whether the house has a key for it, in the settings or in a row that is two seconds old."""
    return is_configured(provider) or account_of(provider) in _house_rows()


def _house_rows() -> frozenset[str]:
    """The accounts for which the house has a row, as of two seconds ago at most."""
    global _seen_at, _seen
    if time.monotonic() - _seen_at > HURRIED_SECONDS:
        _seen = frozenset(AIKey.objects.filter(user=None).values_list("provider", flat=True))
        _seen_at = time.monotonic()
    return _seen


def forget_house_rows() -> None:
    """Look again at the next call: this process has just changed them."""
    global _seen_at
    _seen_at = -math.inf


def _setting(provider: str) -> str:
    name = registry.entry(provider).key
    return getattr(settings, name) if name else ""


def _ways(provider: str, user) -> str:
    line = registry.entry(provider)
    ways = [f"save one for {line.label} on /admin/settings/ai"] if user is not None else []
    if house_lends_to(user):
        ways += ["add a house key in the admin (AI keys)", *([f"set {line.key}"] if line.key else [])]
        return f"there is no API key: {', or '.join(ways)}"
    return f"there is no API key: {ways[0]} (the house does not lend its own, AI_HOUSE_KEYS_FOR)"
