"""Reads environment variables: typed, in one place, and loud when a value is wrong.

Knows nothing of any app. `settings.py` and `queue_settings.py` are the only callers; `VARIABLES` records what they
asked for, so that a test can compare the README's table with the truth. What `.env` says counts where the environment
says nothing.
"""

import base64
import contextlib
import ipaddress
import os
import re
import secrets
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

load_dotenv(Path(__file__).resolve().parent.parent / ".env")

VARIABLES: dict[str, str] = {}
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
FERNET_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")


def text(name: str, default: str = "") -> str:
    """The variable `name`, or the content of the file that `<name>_FILE` points to, or `default`."""
    VARIABLES[name] = default
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text().strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE: cannot read {file}: {error.strerror}") from None
    return os.environ.get(name, default).strip()


def boolean(name: str, default: bool) -> bool:
    """`name` as a switch; raises ImproperlyConfigured for anything but 1/0, true/false, yes/no, on/off."""
    value = text(name, str(default).lower()).lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in TRUE


def integer(name: str, default: int, minimum: int = 0) -> int:
    """`name` as a whole number of at least `minimum`."""
    value = text(name, str(default)) or str(default)
    if not value.isascii() or not value.isdigit() or int(value) < minimum:
        raise ImproperlyConfigured(f"{name} must be a whole number of at least {minimum}, not {value!r}.")
    return int(value)


def dollars(name: str) -> Decimal | None:
    """`name` as an amount like 25 or 2.50; None when it is not set."""
    value = text(name)
    if value and not re.fullmatch(r"\d{1,9}(\.\d{1,8})?", value, re.ASCII):
        raise ImproperlyConfigured(f"{name} must be an amount of dollars such as 25 or 2.50, not {value!r}.")
    return Decimal(value) if value else None


def networks(name: str) -> list[str]:
    """`name` as networks like 10.0.0.0/8, comma-separated."""
    for network in words(name):
        try:
            ipaddress.ip_network(network)
        except ValueError:
            raise ImproperlyConfigured(f"{name} must be networks such as 10.0.0.0/8, not {network!r}.") from None
    return words(name)


def rates(name: str, default: dict[str, tuple[int, int]] | None = None, unit: str = "") -> dict[str, tuple[int, int]]:
    """`default` with what `name` changes in it: a comma-separated list of two limits each, 0 for no limit.

    Without a default any name is taken; `unit` says in errors what the two are.
    """
    found = dict(default or {})
    unit = unit or "openai=500/200000 (requests/tokens per minute)"
    for word in words(name):
        parts = re.fullmatch(r"([\w-]+)=(\d{1,9})/(\d{1,12})", word, re.ASCII)
        if not parts or (default and parts[1] not in default):
            raise ImproperlyConfigured(f"{name}: write {unit}, not {word!r}.")
        found[parts[1]] = (int(parts[2]), int(parts[3]))
    return found


def limits(name: str, default: dict[str, int]) -> dict[str, int]:
    """`default` with what `name` changes in it: a comma-separated list like read=600,generate=0."""
    found = dict(default)
    for word in words(name):
        parts = re.fullmatch(r"([a-z]+)=(\d{1,9})", word, re.ASCII)
        if not parts or parts[1] not in default:
            raise ImproperlyConfigured(f"{name}: write read=600 ({', '.join(default)}; 0: no limit), not {word!r}.")
        found[parts[1]] = int(parts[2])
    return found


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """`name` as one of the `allowed` words, in any case."""
    value = text(name, default) or default
    found = next((word for word in allowed if word.lower() == value.lower()), None)
    if found is None:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return found


def words(name: str, default: str = "") -> list[str]:
    """`name` as a comma-separated list; empty parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """`name` as an address with one of the `schemes`; an empty value means `default`."""
    value = text(name, default) or default
    if value and value.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return value


def generated_secret(file: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """The secret kept in `file`; made once, readable by its owner only, never overwritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        # Written beside and linked into place: several processes start at once, and none may read a half-made file.
        descriptor, beside = tempfile.mkstemp(dir=file.parent)  # 0600
        with os.fdopen(descriptor, "w") as handle:
            handle.write(make())
        with contextlib.suppress(FileExistsError):
            os.link(beside, file)
        os.unlink(beside)
    return file.read_text().strip()


def encryption_keys(name: str, file: Path) -> list[str]:
    """`name` as a comma-separated list of Fernet keys, the first of which encrypts; without it the one in `file`."""
    keys = words(name) or [generated_secret(file, lambda: base64.urlsafe_b64encode(os.urandom(32)).decode())]
    for number, key in enumerate(keys, 1):
        if not FERNET_KEY.fullmatch(key):
            raise ImproperlyConfigured(
                f"{name}: key {number} is malformed; each must be 32 bytes in URL-safe base64 (44 characters)."
            )
    return keys
