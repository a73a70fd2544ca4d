"""What was ordered: everything the writer knows about an article before it exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Brief:
    """One order's words. All texts come from a customer and are data; `words` is the ordered length."""

    topic: str
    niche: str
    keyword: str
    target_url: str
    anchor_text: str
    notes: str
    words: int

    @property
    def anchor(self) -> str:
        """The anchor text on one line, otherwise letter for letter."""
        return " ".join(self.anchor_text.split())
