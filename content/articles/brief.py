"""What was ordered: everything the writer knows about an article before it exists."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Related:
    """A published article of the same site, which the new one may link to."""

    title: str
    url: str


@dataclass(frozen=True)
class Brief:
    """One order's words. All texts come from a customer and are data; `words` is the ordered length.

    `model` ("provider/model") is asked first because staff say so; None: the usual one.
    """

    topic: str
    niche: str
    keyword: str
    target_url: str
    anchor_text: str
    notes: str
    words: int
    related: tuple[Related, ...] = ()
    model: str | None = None

    @property
    def anchor(self) -> str:
        """The anchor text on one line, otherwise letter for letter."""
        return " ".join(self.anchor_text.split())
