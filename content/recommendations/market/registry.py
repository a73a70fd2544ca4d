"""Which sources there are, in the order in which they are asked."""

from django.conf import settings

from aiproviders.base import Endpoint
from aiproviders.secret import Secret
from content.recommendations.market.alphavantage import AlphaVantage
from content.recommendations.market.base import MarketSource
from content.recommendations.market.finnhub import Finnhub
from content.recommendations.market.sample import Sample
from content.recommendations.market.service import Service
from content.recommendations.market.twelvedata import TwelveData

# source -> how its settings begin
SERVICES: dict[type[Service], str] = {Finnhub: "FINNHUB", TwelveData: "TWELVE_DATA", AlphaVantage: "ALPHA_VANTAGE"}


def sources() -> list[MarketSource]:
    """Every service that a key is configured for, then the sample."""
    return [*filter(None, map(_configured, SERVICES)), Sample()]


def _configured(service: type[Service]) -> Service | None:
    name = SERVICES[service]
    key = Secret(getattr(settings, f"{name}_API_KEY"))
    url = getattr(settings, f"{name}_BASE_URL").rstrip("/")
    return service(Endpoint(service.name, url, key)) if key else None
