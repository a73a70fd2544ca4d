"""What was ordered: everything the writer knows about an article before it exists."""

from dataclasses import dataclass

from content.texts.addresses import addresses


@dataclass(frozen=True)
class Related:
    """A published article of the same site, which the new one may link to."""

    title: str
    url: str


@dataclass(frozen=True)
class Other:
    """Another text of ours, of which the new one must be no copy: quality.originality.sketch() of it. `title` is empty
    while readers do not see it, because the report is for a customer."""

    title: str
    sketch: bytes


@dataclass(frozen=True)
class Brief:
    """One order's words. All texts come from a customer and are data; `words` is the ordered length.

    `model` ("provider/model") is asked first because staff say so; None: the usual one. `unwanted` are phrases that the
    house does not want.
    """

    topic: str
    niche: str
    keyword: str
    target_url: str
    anchor_text: str
    notes: str
    words: int
    related: tuple[Related, ...] = ()
    others: tuple[Other, ...] = ()
    unwanted: tuple[str, ...] = ()
    model: str | None = None

    @property
    def anchor(self) -> str:
        """The anchor text on one line, otherwise letter for letter."""
        return " ".join(self.anchor_text.split())

    @property
    def addresses(self) -> frozenset[str]:
        """Those that the text may show: the link's own words, and a name in the keyword ("Booking.com"). The topic
        and the notes order none."""
        names = (found for found in addresses(self.keyword) if not found.startswith(("http", "www.")))
        return frozenset([*addresses(self.anchor), *names])
