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
    text = "".join(_kept(value.replace("\r\n", "\n").replace("\r", "\n"))).strip()
    seen = " ".join("".join(character for character in text if character not in JOINERS + BLANK).split())
    if len(seen) < shortest:
        said = f"this has {len(seen)}" if seen else "nothing can be read here"
        raise ValidationError({"notes": [f"At least {shortest} characters, please; {said}."]})
    if len(text) > LONGEST:
        raise ValidationError({"notes": [f"At most {LONGEST} characters, please; this has {len(text)}."]})
    return text


def _kept(text: str):
    for character in text:
        if character in "\n\t" or character in JOINERS:
            yield character
            continue
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs"):
            raise ValidationError({"notes": ["Contains characters that cannot be stored."]})
        if kind != "Cf":
            yield character
