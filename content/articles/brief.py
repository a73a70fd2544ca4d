"""What an article is to be about, as ordered."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Brief:
    """An order's wishes. Every text in it comes from outside and is data, never an instruction."""

    topic: str
    niche: str
    keyword: str
    target_url: str
    anchor_text: str
    notes: str
    words: int
