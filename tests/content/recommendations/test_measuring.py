"""Which instruments are asked for, from where, and how long a client waits for a service."""

from decimal import Decimal

import pytest

from content.recommendations import measuring
from content.recommendations.market.base import SAMPLE
from content.recommendations.market.instruments import SECTORS
from queues.errors import Snooze
from tests.content.recommendations.market.conftest import running_services, services

__all__ = ["running_services", "services"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_sectors_take_turns_and_funds_go_first():
    found = [one.ticker for one in measuring.instruments(["Technology", "Healthcare"])]
    assert found[:4] == ["XLK", "XLV", "AAPL", "JNJ"]
    assert set(found) == {"XLK", "AAPL", "MSFT", "IBM", "XLV", "JNJ", "UNH"}


def test_few_are_asked_for_however_many_sectors_there_are():
    found = measuring.instruments(list(SECTORS))
    assert len(found) == measuring.MOST_INSTRUMENTS
    assert {one.sector for one in found} == set(SECTORS)


def test_without_a_service_the_sample_is_measured_with_its_day():
    stored = measuring.measured(["Technology", "Energy"], waited=0)
    assert (stored["source"], stored["is_sample"], stored["as_of"]) == (SAMPLE, True, "2013-03-01")
    assert [line["ticker"] for line in stored["candidates"]] == ["AAPL", "MSFT", "IBM"]
    assert (stored["without"], stored["problems"]) == (["Energy"], [])
    universe = measuring.universe_of(stored)
    assert len(universe.correlation) == 3 and universe.candidates[0].volatility > 0.1


def test_a_service_that_is_down_leaves_its_reason_and_the_sample(services, settings):
    settings.TWELVE_DATA_API_KEY = settings.ALPHA_VANTAGE_API_KEY = ""
    settings.FINNHUB_BASE_URL = "http://127.0.0.1:9"
    stored = measuring.measured(["Technology"], waited=0)
    assert stored["is_sample"] and len(stored["problems"]) == 1
    assert "finnhub" in stored["problems"][0] and settings.FINNHUB_API_KEY not in stored["problems"][0]


def test_a_service_gives_all_prices_or_none(services):
    stored = measuring.measured(["Healthcare"], waited=0)
    assert stored["source"] != SAMPLE and not stored["is_sample"]
    assert {line["ticker"] for line in stored["candidates"]} | {ticker for ticker, _ in stored["excluded"]} == {
        "XLV",
        "JNJ",
        "UNH",
    }


def test_the_next_minute_of_a_service_is_waited_for_but_not_for_long(monkeypatch):
    class Busy:
        source, label, adjusted, is_sample, as_of = SAMPLE, "sample", "", True, None
        by_ticker: dict[str, Decimal] = {}
        better_in, errors = 40.0, ()

    real = measuring.market.prices
    monkeypatch.setattr(
        measuring.market, "prices", lambda tickers, only="": real(tickers, only=only) if only else Busy()
    )
    with pytest.raises(Snooze) as put_back:
        measuring.measured(["Technology"], waited=10)
    assert put_back.value.retry_after == 40 and not put_back.value.counts
    assert measuring.measured(["Technology"], waited=60)["is_sample"]
