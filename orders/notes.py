"""What people write about a version: checked like any other input, and data whatever it says."""

import unicodedata

from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 10, 4000
JOINERS = "\u200c\u200d"  # inside words of some scripts, and inside emoji
BLANK = "\u00ad\u115f\u1160\u2800\u3164\uffa0"  # letters and signs that show nothing


def check_notes(value: str, *, shortest: int = SHORTEST) -> str:
    """`value` trimmed and without invisible characters, which a writer would obey and no person could see.

    Raises ValidationError with a `message_dict` for "notes" when fewer than `shortest` characters show or more than
    LONGEST are left.
    """
    text = shown(value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text if character not in "\n\t"):
        raise ValidationError({"notes": ["Contains characters that cannot be stored."]})
    seen = readable(text)
    if len(seen) < shortest:
        said = f"this has {len(seen)}" if seen else "nothing can be read here"
        raise ValidationError({"notes": [f"At least {shortest} characters, please; {said}."]})
    if len(text) > LONGEST:
        raise ValidationError({"notes": [f"At most {LONGEST} characters, please; this has {len(text)}."]})
    return text


def shown(text: str) -> str:
    """`text` without the characters that show nothing."""
    return "".join(letter for letter in text if letter in JOINERS or unicodedata.category(letter) != "Cf")


def readable(text: str) -> str:
    """What eyes can read of `text`, on one line."""
    return " ".join("".join(letter for letter in text if letter not in JOINERS + BLANK).split())
