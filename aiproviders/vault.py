"""Seals keys for the database. Fernet has no associated data, so the owner stands inside and is compared.

Without that, whoever can write to the database could give user B the row of user A.
"""

import base64
import functools
import hashlib
import hmac
import json

from django.conf import settings

from aiproviders.secret import Secret


class Unreadable(Exception):
    """A sealed key that cannot be had. `kind`: "unknown_encryption_key" or "wrong_owner"; the message has no key."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(
            "it was sealed under an encryption key that AI_KEY_ENCRYPTION_KEYS does not have"
            if kind == "unknown_encryption_key"
            else "it was sealed for somebody else"
        )


def seal(secret: Secret, *, owner: str) -> str:
    """The token to store; `owner` is "user:7/openai" or "house/openai"."""
    return _box().encrypt(json.dumps({"o": owner, "k": secret.reveal()}).encode()).decode()


def unseal(token: str, *, owner: str) -> Secret:
    """The key in `token`; raises Unreadable when nobody here sealed it, or not for `owner`."""
    secret, sealed_for = _opened(token)
    if secret is None:
        raise Unreadable("unknown_encryption_key")
    if sealed_for != owner:
        raise Unreadable("wrong_owner")
    return secret


def is_current(token: str) -> bool:
    """Whether `token` was sealed under the first encryption key."""
    from cryptography.fernet import InvalidToken

    try:
        _box_of((settings.AI_KEY_ENCRYPTION_KEYS[0],)).decrypt(token.encode())
    except InvalidToken:
        return False
    return True


def fingerprint(secret: Secret) -> str:
    """Tells two keys apart without knowing them: an HMAC under the first encryption key, 32 hex digits."""
    under = base64.urlsafe_b64decode(settings.AI_KEY_ENCRYPTION_KEYS[0])
    return hmac.new(under, b"fingerprint:" + secret.reveal().encode(), hashlib.sha256).hexdigest()[:32]


def _opened(token: str) -> tuple[Secret | None, str]:
    from cryptography.fernet import InvalidToken

    try:
        content = json.loads(_box().decrypt(token.encode()))
    except InvalidToken:
        return None, ""
    return Secret(content["k"]), content["o"]


def _box():
    return _box_of(tuple(settings.AI_KEY_ENCRYPTION_KEYS))


@functools.lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...]):
    from cryptography.fernet import Fernet, MultiFernet  # only who handles keys pays for the import

    return MultiFernet([Fernet(key) for key in keys])
