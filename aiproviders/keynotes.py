"""Notes beside a stored key when it was used; not at every call, because that would be one more write per job."""

import time

from aiproviders import keys

EVERY_SECONDS = 60.0
ABOUT_THE_KEY = {"auth", "quota"}
_noted: dict[int, float] = {}


def note(credential: keys.Credential, outcome: str) -> None:
    """Say of the row behind `credential` that it was used, at most once a minute; at once what speaks against it."""
    if credential.row is None:
        return
    if outcome in ABOUT_THE_KEY:
        _noted.pop(credential.row, None)
        return keys.failed(credential, outcome)
    now = time.monotonic()
    if now - _noted.get(credential.row, -EVERY_SECONDS) < EVERY_SECONDS:
        return
    _noted[credential.row] = now
    if outcome == "ok":
        keys.used(credential)
    else:
        keys.failed(credential, outcome)
