"""Prices from market-data services, and from a built-in history when none can serve."""

from content.recommendations.market.base import History, MarketError, MarketSource, PriceSet, Quote
from content.recommendations.market.chain import prices, quotes

__all__ = ["History", "MarketError", "MarketSource", "PriceSet", "Quote", "prices", "quotes"]
