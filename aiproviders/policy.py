"""What follows a failure, by its kind: the one table. docs/providers.md shows it to people."""

from dataclasses import dataclass
from enum import StrEnum


class Next(StrEnum):
    """Whether another link may be asked for the same text."""

    YES = "yes"
    NO = "no"
    LARGER = "larger"  # only one with a larger context
    IF_ALLOWED = "if allowed"  # only if AI_FALLBACK_AFTER_REFUSAL is on


class Rest(StrEnum):
    """What is left alone for a while, and for how long (aiproviders/benches.py)."""

    NOTHING = ""
    LINK = "link"
    STUMBLE = "stumble"  # the link, after the third time within a minute
    KEY = "key"


@dataclass(frozen=True)
class Rule:
    """`again`: the same link at once, with twice the room. `later`: the same link may do it after some time."""

    next: Next
    rest: Rest = Rest.NOTHING
    again: bool = False
    later: bool = False


RULES = {
    "rate_limit": Rule(Next.YES, Rest.LINK, later=True),
    "overloaded": Rule(Next.YES, Rest.LINK, later=True),
    "timeout": Rule(Next.YES, Rest.STUMBLE, later=True),
    "server": Rule(Next.YES, Rest.STUMBLE, later=True),
    "connection": Rule(Next.YES, Rest.STUMBLE, later=True),
    "malformed": Rule(Next.YES, Rest.STUMBLE, later=True),
    "auth": Rule(Next.YES, Rest.KEY),
    "no_key": Rule(Next.YES),
    "quota": Rule(Next.YES, Rest.KEY, later=True),
    "not_found": Rule(Next.YES),
    "too_large": Rule(Next.LARGER),
    "content_filter": Rule(Next.IF_ALLOWED),
    "refusal": Rule(Next.IF_ALLOWED),
    "empty": Rule(Next.YES, again=True),
    "truncated": Rule(Next.YES, again=True),
    "bad_request": Rule(Next.NO),
    "budget": Rule(Next.NO, later=True),
}
