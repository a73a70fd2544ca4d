"""What an order must look like, for the form and for the API alike. Error keys are the field names.

Characters that show nothing are taken out of all texts, as a model would read what no person could see."""

import ipaddress
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from orders.notes import readable, shown

TOPIC_LENGTH = (5, 200)
ANCHOR_LENGTH = (2, 80)
WORD_LENGTH = 100  # niche and keyword
URL_LENGTH = 500
NOTES_LENGTH = 4000
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".invalid")
# They would end or restyle the Markdown link that the words stand in.
ANCHOR_FORBIDDEN = "[]<>`*|\\"
URL_FORBIDDEN = '<>"`{}|\\^'


@dataclass(frozen=True)
class OrderInputs:
    """The customer's wishes, trimmed and checked. `niche`, `keyword` and `notes` may be empty."""

    email: str
    topic: str
    niche: str
    keyword: str
    target_url: str
    anchor_text: str
    notes: str


def check_inputs(
    *,
    email: str,
    topic: str,
    niche: str = "",
    keyword: str = "",
    target_url: str,
    anchor_text: str,
    notes: str = "",
    terms_accepted: bool,
) -> OrderInputs:
    """The inputs, trimmed. Raises one ValidationError whose `message_dict` names every field that is wrong."""
    checks = {
        "email": lambda: check_email(email),
        "topic": lambda: _topic(topic),
        "niche": lambda: _line(niche, 0, WORD_LENGTH),
        "keyword": lambda: _line(keyword, 0, WORD_LENGTH),
        "target_url": lambda: _target_url(target_url),
        "anchor_text": lambda: _anchor(anchor_text),
        "notes": lambda: _text(notes, 0, NOTES_LENGTH),
        "terms_accepted": lambda: _accepted(terms_accepted),
    }
    values = _checked(checks)
    del values["terms_accepted"]
    return OrderInputs(**values)


def _checked(checks: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    values, errors = {}, {}
    for field, check in checks.items():
        try:
            values[field] = check()
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(errors)
    return values


def _text(value: str, shortest: int, longest: int) -> str:
    value = shown(value.replace("\r\n", "\n")).strip()
    if not readable(value):
        value = ""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value if character not in "\n\t"):
        raise ValidationError("Contains characters that cannot be stored.")
    if shortest and not value:
        raise ValidationError("This field is required.")
    if len(value) < shortest:
        raise ValidationError(f"At least {shortest} characters, please; this has {len(value)}.")
    if len(value) > longest:
        raise ValidationError(f"At most {longest} characters, please; this has {len(value)}.")
    return value


def _line(value: str, shortest: int, longest: int) -> str:
    value = _text(value, shortest, longest)
    if any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in value):
        raise ValidationError("Must be a single line.")
    return value


def _topic(value: str) -> str:
    value = _line(value, *TOPIC_LENGTH)
    if not any(character.isalpha() for character in value):
        raise ValidationError("Must contain words.")
    return value


def _anchor(value: str) -> str:
    value = _line(value, *ANCHOR_LENGTH)
    if any(character in ANCHOR_FORBIDDEN for character in value):
        raise ValidationError(f"Must not contain any of {' '.join(ANCHOR_FORBIDDEN)}")
    return value


def check_email(value: str) -> str:
    """One address, trimmed. Raises ValidationError."""
    value = _line(value, 3, 254)
    validate_email(value)
    return value


def _accepted(value: bool) -> bool:
    if value is not True:
        raise ValidationError("Please accept the terms.")
    return value


def _target_url(value: str) -> str:
    """An http(s) address on a public host, parentheses escaped: they would end a Markdown link early."""
    value = _line(value.replace("(", "%28").replace(")", "%29"), 1, URL_LENGTH)
    if any(character in URL_FORBIDDEN or character.isspace() for character in value):
        raise ValidationError("Contains characters that do not belong in an address.")
    if value.partition(":")[0].lower() not in ("http", "https"):
        raise ValidationError("Must begin with http:// or https://.")
    URLValidator(schemes=["http", "https"], message="This is not a complete web address.")(value)
    parts = urlsplit(value)
    try:
        parts.port  # noqa: B018  reading it checks it
    except ValueError:
        raise ValidationError("This is not a complete web address.") from None
    if parts.username is not None or parts.password is not None:
        raise ValidationError("Must not contain a user name or password.")
    if not _is_public(parts.hostname or ""):
        raise ValidationError("Must be on a public host, not on a private network.")
    return value


def _is_public(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.rstrip(".").lower()
        return "." in name and not name.endswith(PRIVATE_SUFFIXES)
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_global and not address.is_multicast
