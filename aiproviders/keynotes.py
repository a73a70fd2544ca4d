"""What is noted beside a stored key: when it was used and checked, and what speaks against it."""

import time

from django.utils import timezone

from aiproviders import benches, keys
from aiproviders.models.keys import AIKey

CHECK_LOST = "check_lost"
EVERY_SECONDS = 60.0  # a use is noted no more often: that would be one more write per job
ABOUT_THE_KEY = {"auth", "quota"}
_noted: dict[tuple[int, str], float] = {}


def note(credential: keys.Credential, outcome: str) -> None:
    """Say of the row behind `credential` that it was used, at most once a minute; at once what speaks against it."""
    if credential.row is None:
        return
    this = (credential.row, credential.fingerprint)
    if outcome in ABOUT_THE_KEY:
        _noted.pop(this, None)
        return _write(credential, last_used_at=timezone.now(), last_error_kind=outcome)
    clock, now = time.monotonic(), timezone.now()
    if clock - _noted.get(this, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _noted[this] = clock
    _write(credential, last_used_at=now, **({"last_ok_at": now, "last_error_kind": ""} if outcome == "ok" else {}))


def checked(credential: keys.Credential, kind: str) -> None:
    """Note what came of checking this key: the kind of error, or "" when it works."""
    now = timezone.now()
    _write(credential, last_checked_at=now, last_error_kind=kind, **({} if kind else {"last_ok_at": now}))
    if not kind:
        benches.lift(credential.fingerprint)


def check_lost(provider: str, *, user_id: int | None) -> None:
    """Note that a check of this key ended without a result."""
    AIKey.objects.filter(user=user_id, provider=keys.account_of(provider)).update(
        last_checked_at=timezone.now(), last_error_kind=CHECK_LOST
    )


def _write(credential: keys.Credential, **values) -> None:
    if credential.row is not None:  # a key saved meanwhile has another fingerprint: this is not about it
        AIKey.objects.filter(pk=credential.row, fingerprint=credential.fingerprint).update(**values)
