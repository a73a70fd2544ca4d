"""Keeps what looks like a key or a token out of log lines and error messages.

Somebody pastes a key where a name belongs, into an address or a field's name: it must not be found there later.
"""

import re

HIDDEN = "[hidden]"
WORD = re.compile(r"[\w.~+-]{8,}={0,2}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
PREFIX = re.compile(r"(cd_|ol_|sk[-_]|rk[-_]|pk[-_]|gsk_|xai-|whsec_|AIza|gh[pousr]_|eyJ)")
PIECES = re.compile(r"[.~+=-]")
PIECE = 16  # characters without a break, with a digit and a letter among them: no name, and no word of a slug


def without_secrets(text: str) -> str:
    """`text` with everything in it that looks like a secret replaced; UUIDs stay."""
    return WORD.sub(lambda found: HIDDEN if _is_secret(found[0]) else found[0], text)


def printable(text: str, most: int = 500) -> str:
    """`text` as it may be sent and stored anywhere: no secret, no half of a surrogate pair, no NUL, not too long."""
    whole = text.encode("utf-8", "replace").decode().replace("\0", "?")
    return without_secrets(whole if len(whole) <= most else f"{whole[:most]}…")


def one_line(text: str, most: int = 1000) -> str:
    """`text` as it may be written to a log: no secret, no end of a line, nothing that moves a cursor, not too long."""
    shown = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text[:most])
    return without_secrets(shown if len(text) <= most else f"{shown}…")


def _is_secret(word: str) -> bool:
    if PREFIX.match(word):
        return True
    return not UUID.fullmatch(word) and any(_is_random(piece) for piece in PIECES.split(word))


def _is_random(piece: str) -> bool:
    return len(piece) >= PIECE and any(map(str.isdigit, piece)) and any(map(str.isalpha, piece))
