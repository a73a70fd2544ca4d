import pytest

from aiproviders import shared
from aiproviders.shared import client
from content.recommendations.market import alphavantage, registry, service
from tests.content.recommendations.market.server import Services

KEY = "Canary-7f3A91c0/+key"
NAMES = {"finnhub": "FINNHUB", "twelvedata": "TWELVE_DATA", "alphavantage": "ALPHA_VANTAGE"}


@pytest.fixture(scope="session")
def running_services():
    services = Services()
    yield services
    services.stop()


@pytest.fixture
def services(running_services, settings, monkeypatch) -> Services:
    """All three services, healthy, with a key each and without limits."""
    monkeypatch.setattr(shared, "_silent_until", 0.0)
    if names := client().keys("copydesk:cache*"):
        client().delete(*names)
    running_services.forget()
    for name, setting in NAMES.items():
        setattr(settings, f"{setting}_BASE_URL", running_services.url(name))
        setattr(settings, f"{setting}_API_KEY", f"{KEY}-{name}")
    settings.MARKET_LIMITS = dict.fromkeys(NAMES, (0, 0))
    monkeypatch.setattr(service.Service, "seconds", 5.0)
    monkeypatch.setattr(alphavantage, "PACE", 0.01)
    return running_services


@pytest.fixture
def no_redis(services, settings):
    """Nobody listens where Redis should be."""

    def forget():
        for function in (shared.client, shared.script):
            function.cache_clear()
        shared._away, shared._silent_until = False, 0.0

    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    forget()
    yield
    forget()


def source(name: str):
    """The source `name`, as the settings have it."""
    return next(source for source in registry.sources() if source.name == name)
