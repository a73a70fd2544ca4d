"""Web and mail addresses in plain text, as people write them."""

import re
import unicodedata

from linkify_it.tlds import TLDS  # the list of IANA

from content.texts.characters import clean

ENDINGS = frozenset(ending.casefold() for ending in TLDS)
DOTS = ".\u3002\uff61"  # browsers take the other two, from East Asia, for full stops in a name as well
NAME = rf"(?<![\w-])[^\W_](?:[\w-]*[^\W_])?(?:[{DOTS}][^\W_](?:[\w-]*[^\W_])?)+"
FOUND = re.compile(rf"https?:\S*|www\.\S+|\S+@\S+\.\w+|(?P<name>{NAME})", re.IGNORECASE)
AFTER = ".,;:!?)]}\"'”’»"  # what follows an address in a sentence


def addresses(text: str) -> list[str]:
    """All addresses in `text` in their order, small letters throughout.

    A name without a scheme is one if it is written small ("shop.example") or has a known ending ("Example.COM", but
    not "Node.js").
    """
    found = FOUND.finditer(clean(unicodedata.normalize("NFKC", text)))
    return [match.group().rstrip(AFTER).casefold() for match in found if not match["name"] or _is_host(match["name"])]


def without_addresses(text: str, *, but: frozenset[str] = frozenset()) -> str:
    """`text` on one line without its addresses; those in `but` stay."""
    return " ".join(word for word in text.split() if but.issuperset(addresses(word)))


def _is_host(name: str) -> bool:
    labels = re.split(f"[{DOTS}]", name)
    if any(label.casefold() in ENDINGS for label in labels[1:]):
        return True
    return name == name.casefold() and len(labels[-1]) > 1 and labels[-1].isalpha()
