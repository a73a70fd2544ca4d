"""A key in memory: shown by no repr, refused by every serialiser."""

MOST_CHARACTERS = 500
FEWEST_CHARACTERS = 4


class InvalidKey(ValueError):
    """What was given cannot be a key; says why, and never what was given."""


class Secret:
    """Holds a key. `reveal()` is the only way to it; json, kombu, pickle and copy refuse the object."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself: for the one line that hands it to an SDK, never for a variable that lives on."""
        return self._text

    @property
    def last_four(self) -> str:
        """What may be shown of it; fewer characters of a short one, so that most of it always stays hidden."""
        return self._text[-min(4, len(self._text) // 3) :] if len(self._text) >= 3 else ""

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self):
        raise TypeError("a Secret cannot be pickled or copied")

    def __copy__(self):
        raise TypeError("a Secret cannot be pickled or copied")

    def __deepcopy__(self, memo):
        raise TypeError("a Secret cannot be pickled or copied")


def clean_key(text: str) -> Secret:
    """The key in `text` without the white space around it; raises InvalidKey for what would break a header."""
    text = text.strip()
    if fault := fault_of(text):
        raise InvalidKey(fault)
    return Secret(text)


def fault_of(text: str) -> str:
    """Why `text` cannot be sent as a key, in a sentence without it; empty when it can."""
    if len(text) < FEWEST_CHARACTERS:
        return "The key is too short." if text else "The key is empty."
    if len(text) > MOST_CHARACTERS:
        return f"The key is longer than {MOST_CHARACTERS} characters."
    if any(character.isspace() for character in text):
        return "The key has a space or a line break in the middle; copy it again."
    if not all("!" <= character <= "~" for character in text):
        return "The key has characters that no key has (letters with accents, control characters); copy it again."
    return ""
