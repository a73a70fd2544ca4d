"""Phrases that a model leaves behind when it talks about its task instead of doing it."""

import re

# Never acceptable in a finished text; the quality checks refuse them.
REFUSALS = (
    r"\bas an? (?:ai|artificial intelligence|virtual assistant|(?:large )?language model)\b[^.]{0,20}\bi\b",
    r"\b(?:i am|i'm) (?:sorry|unable|not able|an? (?:ai|assistant|language model))\b",
    r"\bi (?:can(?:no|')t|cannot|won't|will not) (?:help|assist|write|provide|fulfil)",
    r"\bmy (?:training data|knowledge cut-?off|programming)\b",
)
PREAMBLES = (
    r"^(?:sure|certainly|absolutely|of course|okay|great)\b[,!.:]",
    r"\bhere(?:'s| is| are) (?:a|an|the|your|my|some|two|three) [^.]{0,60}"
    r"(?:article|paragraphs?|section|text|version|sample|draft|examples?)\b",
    r"\b(?:hope this helps|let me know if|feel free to (?:ask|contact|reach)|happy to help|word count)\b",
)
PLACEHOLDERS = (
    r"\[(?:your|insert|name|link|company|brand|source|date|topic|keyword)\b[^\]]*\]",
    r"\{\{|\}\}",
    r"\blorem ipsum\b",
    r"\b(?-i:TODO)\b",
    r"<\|[a-z_]+\|>",
)
FORBIDDEN = [re.compile(pattern, re.IGNORECASE) for pattern in (*REFUSALS, *PREAMBLES, *PLACEHOLDERS)]


def forbidden_in(text: str) -> list[str]:
    """The phrases in `text` that no finished text may hold, as they stand there."""
    return [match.group().strip() for pattern in FORBIDDEN if (match := pattern.search(plain(text)))]


def plain(text: str) -> str:
    """`text` with straight apostrophes, as the patterns have them."""
    return text.replace("’", "'")
