from types import SimpleNamespace

import pytest

from aiproviders import shared
from aiproviders.shared import client
from content.recommendations.market import alphavantage
from tests.content.recommendations.market.conftest import source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """How long was slept; Redis then forgets, as it would have after that time."""
    found = []

    def sleep(seconds):
        found.append(seconds)
        client().delete(*client().keys(f"{shared.PREFIX}*:pace"))

    monkeypatch.setattr(alphavantage, "PACE", 60.0)
    monkeypatch.setattr(alphavantage, "time", SimpleNamespace(sleep=sleep))
    return found


def test_a_free_key_asks_at_its_pace(services, settings, waits):
    settings.MARKET_LIMITS = {"alphavantage": (0, 25)}
    for _ in range(3):
        source("alphavantage").quote("AAPL")
    assert len(services.asked) == 3
    assert len(waits) == 2 and all(0 < wait <= 60 for wait in waits)


def test_a_key_without_a_daily_limit_has_no_pace(services, settings, waits):
    settings.MARKET_LIMITS = {"alphavantage": (75, 0)}
    for _ in range(3):
        source("alphavantage").quote("AAPL")
    assert (len(services.asked), waits) == (3, [])


def test_without_redis_there_is_no_pace_and_no_endless_wait(services, settings, waits, no_redis):
    settings.MARKET_LIMITS = {"alphavantage": (5, 25)}
    for _ in range(2):
        source("alphavantage").quote("AAPL")
    assert (len(services.asked), waits) == (2, [])
