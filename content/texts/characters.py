"""Characters that no text may bring along, whoever wrote it."""

import unicodedata

UNSEEN = ("Cc", "Cf", "Co", "Cs")  # control and format characters, private ones, halves of pairs
NO_CHARACTERS = "\ufffe\uffff"


def clean(text: str) -> str:
    """`text` without what cannot be seen: databases and XML refuse some of it, and it hides what is really there."""
    return "".join(
        letter
        for letter in text
        if letter in "\n\t" or (unicodedata.category(letter) not in UNSEEN and letter not in NO_CHARACTERS)
    )
