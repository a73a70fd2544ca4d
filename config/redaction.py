"""Keeps what looks like a key or a token out of log lines and error messages.

Somebody pastes a key where a name belongs, into an address or a field's name: it must not be found there later.
"""

import re

HIDDEN = "[hidden]"
UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
PREFIXES = r"(?:cd_|ol_|sk[-_]|rk[-_]|pk[-_]|gsk_|xai-|whsec_|AIza|gh[pousr]_|eyJ)"
# A known prefix and four more characters, or 20 and more in a row with a digit and a letter among them.
SECRET = re.compile(
    rf"(?<![\w-])(?:{UUID}(?![\w-])|(?P<secret>(?:{PREFIXES}[\w.~+-]{{4,}}"
    rf"|(?=[\w.~+-]*\d)(?=[\w.~+-]*[A-Za-z])[\w.~+-]{{20,}})={{0,2}}))"
)


def without_secrets(text: str) -> str:
    """`text` with everything in it that looks like a secret replaced; UUIDs stay."""
    if len(text) < 8:
        return text
    return SECRET.sub(lambda found: HIDDEN if found["secret"] else found[0], text)


def printable(text: str, most: int = 300) -> str:
    """`text` as it may be sent and stored anywhere: no secret, no half of a surrogate pair, no NUL, not too long."""
    whole = text.encode("utf-8", "replace").decode().replace("\0", "?")
    return without_secrets(whole if len(whole) <= most else f"{whole[:most]}…")
