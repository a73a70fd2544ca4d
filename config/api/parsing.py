"""JSON bodies, and only what every part behind can bear: database, answer, log."""

import json
import math
import re
from collections.abc import Iterator

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

MOST_DEPTH = 32
MOST_WHOLE = 2**63  # what a column holds
# Only a text with one of these can hold what is refused: an escape, many digits, an exponent, what is no number.
SUSPICIOUS = re.compile(r"\\u|\d{19}|\d[eE]|NaN|Infinity")
SURROGATE = re.compile("[\ud800-\udfff]")
Path = tuple[str | int, ...]


class StrictJSON(JSONParser):
    """400 for what is not JSON in UTF-8, is nested too deeply, or has NUL, half a character or a number too large."""

    def parse(self, stream, media_type=None, parser_context=None) -> object:
        try:
            text = stream.read().decode()
            data = json.loads(text)  # it takes NaN and Infinity, which are named by their place below
        except json.JSONDecodeError as error:
            raise ParseError(f"The body is not JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from None
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        except ValueError:  # thousands of digits
            raise ParseError("The body has a number that is too large.") from None
        except RecursionError:
            raise ParseError(f"The body is nested more than {MOST_DEPTH} deep.") from None
        suspicious = SUSPICIOUS.search(text) or text.count("{") + text.count("[") > MOST_DEPTH
        if suspicious and (found := next(_faults(data, ()), None)):
            raise ValidationError(_nested(*found))
        return data


def _faults(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if len(path) > MOST_DEPTH:
        raise ParseError(f"The body is nested more than {MOST_DEPTH} deep.")
    if isinstance(value, str):
        if fault := _fault_of_text(value):
            yield path, fault
    elif isinstance(value, dict):
        for name, inner in value.items():
            if fault := _fault_of_text(name):
                yield path, f"In a name: {fault}"
            yield from _faults(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _faults(inner, (*path, index))
    elif isinstance(value, float) and not math.isfinite(value) or isinstance(value, int) and abs(value) >= MOST_WHOLE:
        yield path, "This is no number." if value != value else "This number is too large."


def _fault_of_text(text: str) -> str:
    if "\0" in text:
        return "Null characters are not allowed."
    return "Half of a surrogate pair is no character." if SURROGATE.search(text) else ""


def _nested(path: Path, fault: str) -> dict | list:
    detail: dict | list = [fault]
    for name in reversed(path):
        detail = {name: detail}
    return detail
