"""Which sources there are, in the order in which they are asked."""

from content.recommendations.market.base import MarketSource
from content.recommendations.market.sample import Sample


def sources() -> list[MarketSource]:
    """Every service that a key is configured for, then the sample."""
    return [Sample()]
