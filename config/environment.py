"""Reads environment variables: typed, in one place, and loud when a value is wrong.

Knows nothing of Django or of any app. `settings.py` is the only caller; `VARIABLES` records what it asked
for, so that a test can compare the README's table with the truth.
"""

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

VARIABLES: dict[str, str] = {}
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


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


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    """`name` as one of the `allowed` words."""
    value = text(name, default) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    """`name` as a comma-separated list; empty parts are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def url(name: str, default: str, schemes: tuple[str, ...]) -> str:
    """`name` as an address with one of the `schemes`; an empty value means `default`."""
    value = text(name, default) or default
    if value and value.partition("://")[0] not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(s + '://' for s in schemes)}.")
    return value


def generated_secret(file: Path) -> str:
    """The secret kept in `file`; made once, readable by its owner only, never overwritten."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(descriptor, "w") as handle:
        value = secrets.token_urlsafe(48)
        handle.write(value)
    return value
