"""What a model may answer about a story: the schema it is asked with, and the rules that code checks afterwards."""

import html
import math
import re
from typing import Any

import nh3

from content.stories import prompts
from content.stories.errors import InvalidAnswer

SCORES = ("hypeScore", "ethicsScore")
MOST_CHARACTERS = {"realityCheck": 800, "eli5Summary": 1500}
SCHEMA = {
    "type": "object",
    "properties": {
        **{name: {"type": "number", "minimum": 0, "maximum": 10} for name in SCORES},
        **{name: {"type": "string"} for name in MOST_CHARACTERS},
    },
    "required": [*SCORES, *MOST_CHARACTERS],
    "additionalProperties": False,
}
ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)[^\s<>\"')\]]+|[\w.+-]+@[\w-]+\.[\w.-]+", re.IGNORECASE)
MARK = re.compile(r"source-[0-9a-f]{8}", re.IGNORECASE)  # of aiproviders.base.Prompt
TAG = re.compile(r"<\s*[a-z/!?]", re.IGNORECASE)


def checked(data: Any, *, source: str) -> dict[str, Any]:
    """The four values of an answer about `source`: numbers from 0 to 10 with one decimal, plain texts of one line.

    Markup is taken out of texts. Raises InvalidAnswer for whatever else breaks a rule.
    """
    if not isinstance(data, dict):
        raise InvalidAnswer("whole", "is not an object")
    scores = {name: _number(name, data.get(name)) for name in SCORES}
    return scores | {name: _text(name, data.get(name), source) for name in MOST_CHARACTERS}


def _number(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidAnswer(name, "is not a number")
    if not math.isfinite(value) or not 0 <= value <= 10:
        raise InvalidAnswer(name, "is not from 0 to 10")
    return round(float(value), 1)


def _text(name: str, value: Any, source: str) -> str:
    if not isinstance(value, str):
        raise InvalidAnswer(name, "is not a text")
    if len(value) > 2 * MOST_CHARACTERS[name]:
        raise InvalidAnswer(name, f"is longer than {MOST_CHARACTERS[name]} characters")
    if MARK.search(value) or prompts.SYSTEM[:40].lower() in value.lower():
        raise InvalidAnswer(name, "quotes the question instead of answering it")
    text = _plain(value)
    if not any(character.isalnum() for character in text):
        raise InvalidAnswer(name, "is empty")
    if len(text) > MOST_CHARACTERS[name]:
        raise InvalidAnswer(name, f"is longer than {MOST_CHARACTERS[name]} characters")
    if TAG.search(text):
        raise InvalidAnswer(name, "has markup that cannot be taken out")
    if any(address.lower() not in source.lower() for address in ADDRESS.findall(text)):
        raise InvalidAnswer(name, "has an address that the story has not")
    return text


def _plain(text: str) -> str:
    """One line without tags, their escaped spellings, and characters that cannot be seen."""
    bare = html.unescape(nh3.clean(html.unescape(text), tags=set()))
    return " ".join("".join(character if character.isprintable() else " " for character in bare).split())
