"""Source after source, and never two of them in one answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connections

from aiproviders import shared
from aiproviders.shared import client
from content.recommendations.market import MarketError, chain, keeping, prices, quotes
from content.recommendations.models import MarketBudget
from tests.content.recommendations.market.conftest import NAMES
from tests.content.recommendations.market.faults import FAULTS
from tests.processes import wait_until

stored = pytest.mark.django_db(transaction=True)
TICKERS = ["AAPL", "MSFT", "XLK"]
EVERYWHERE = sorted(set(FAULTS) - {"silent", "drip"})


def test_the_first_source_that_can_serves_all(services):
    found = prices(TICKERS)
    assert (found.source, found.label, list(found.by_ticker), found.missing) == ("finnhub", "Finnhub", TICKERS, ())
    assert (found.errors, found.better_in, found.is_sample) == ((), None, False)
    assert services.order() == ["finnhub"] and len(services.asked) == 3


def test_a_ticker_named_twice_is_asked_once(services):
    assert list(prices(["AAPL", "AAPL"]).by_ticker) == ["AAPL"]
    assert len(services.asked) == 1


@pytest.mark.parametrize("ask", [prices, quotes])
@pytest.mark.parametrize("fault", EVERYWHERE)
def test_whatever_is_wrong_the_next_source_is_asked_and_at_last_the_labelled_sample(services, fault, ask):
    services.faults = dict.fromkeys(NAMES, fault)
    found = ask(["AAPL", "XLK", "FB"])
    assert services.order() == list(NAMES) and len(services.asked) == 3
    assert [error.source for error in found.errors] == list(NAMES)
    assert (found.source, found.is_sample, found.as_of) == ("sample", True, date(2013, 3, 1))
    assert "sample" in found.label and "2013" in found.label
    assert (list(found.by_ticker), found.missing) == (["AAPL", "FB"], ("XLK",))
    assert {item.source for item in found.by_ticker.values()} == {"sample"}


def test_each_source_fails_in_its_own_words_and_the_log_can_say_why(services):
    services.faults = {"finnhub": "not-sold", "twelvedata": "minute", "alphavantage": "empty-quote"}
    found = quotes(["AAPL"])
    assert [(error.source, error.kind) for error in found.errors] == [
        ("finnhub", "entitlement"),
        ("twelvedata", "rate_limit"),
        ("alphavantage", "not_found"),
    ]
    assert (found.source, found.by_ticker["AAPL"].price) == ("sample", Decimal("56.1374"))
    assert found.better_in == 60


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_one_ticker_that_fails_sends_all_to_the_next_source(services, broken):
    for name in list(NAMES)[:broken]:
        services.faults[name, "MSFT"] = "status-404"
    found = prices(TICKERS)
    expected = [*NAMES, "sample"][broken]
    assert found.source == expected
    assert {item.source for item in found.by_ticker.values()} == {expected}
    assert found.missing == (("XLK",) if broken == 3 else ())
    assert [error.kind for error in found.errors] == ["not_found"] * broken


def test_without_keys_nothing_is_asked(services, settings):
    for setting in NAMES.values():
        setattr(settings, f"{setting}_API_KEY", "")
    found = prices(["IBM"])
    assert (found.source, found.errors, services.asked) == ("sample", (), [])


def test_nothing_of_the_sample_leaves_an_empty_answer(services):
    found = prices(["XLK", "BND"], only="sample")
    assert (found.by_ticker, found.as_of, found.missing) == ({}, None, ("XLK", "BND"))
    assert services.asked == []


def test_who_wants_one_service_only_gets_its_error(services):
    services.faults["twelvedata"] = "status-500"
    with pytest.raises(MarketError, match="500"):
        prices(["AAPL"], only="twelvedata")
    with pytest.raises(ValueError, match="nobody"):
        prices(["AAPL"], only="nobody")
    assert services.order() == ["twelvedata"]


def test_what_was_fetched_is_kept_exactly(services):
    first = (prices(TICKERS), quotes(TICKERS))
    again = (prices(TICKERS), quotes(TICKERS))
    assert first == again and len(services.asked) == 6
    lives = {name.split(":")[4]: client().ttl(name) for name in client().keys("copydesk:cache:market:*")}
    assert 290 < lives["quote"] <= 300 and lives["history"] > 3 * 86400
    assert not [name for name in client().keys("copydesk:cache:*") if "AAPL" in name]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        ("2026-11-20T23:59", "2026-11-19"),
        ("2026-11-21T00:00", "2026-11-20"),
        ("2026-11-22T12:00", "2026-11-20"),
        ("2026-11-23T23:59", "2026-11-20"),
        ("2026-11-24T00:00", "2026-11-23"),
    ],
)
def test_a_history_is_asked_for_again_when_there_is_another_close(monkeypatch, now, day):
    monkeypatch.setattr(keeping.timezone, "now", lambda: datetime.fromisoformat(f"{now}+00:00"))
    assert str(keeping.last_trading_day()) == day


def test_a_new_trading_day_asks_again(services, monkeypatch):
    prices(["AAPL"])
    monkeypatch.setattr(keeping, "last_trading_day", lambda: date(2099, 1, 1))
    prices(["AAPL"])
    assert len(services.asked) == 2


@stored
def test_half_an_answer_is_kept_for_the_next_try(services, settings):
    settings.FINNHUB_API_KEY = settings.ALPHA_VANTAGE_API_KEY = ""
    settings.MARKET_LIMITS |= {"twelvedata": (2, 800)}
    found = prices(TICKERS)
    assert (found.is_sample, len(services.asked), 0 < found.better_in <= 60) == (True, 2, True)
    client().delete(*client().keys(f"{shared.PREFIX}*"))  # a minute later
    found = prices(TICKERS)
    assert (found.source, len(services.asked)) == ("twelvedata", 3)
    assert MarketBudget.objects.get().used == 3


@stored
def test_what_another_service_has_in_a_minute_costs_nothing_of_this_ones_day(services, settings):
    settings.FINNHUB_API_KEY = ""
    settings.MARKET_LIMITS |= {"twelvedata": (1, 800), "alphavantage": (2, 25)}
    found = prices(TICKERS)
    assert [(error.source, error.scope) for error in found.errors] == [
        ("twelvedata", "minute"),
        ("alphavantage", "minute"),
    ]
    assert services.order() == ["twelvedata"] and MarketBudget.objects.get().source == "twelvedata"
    assert prices(TICKERS[1:]).source == "alphavantage"  # two at once, that it has


@stored
def test_a_day_without_room_for_all_spends_none_of_it(services, settings):
    settings.FINNHUB_API_KEY = settings.TWELVE_DATA_API_KEY = ""
    settings.MARKET_LIMITS |= {"alphavantage": (0, 3)}
    assert prices(["AAPL"]).source == "alphavantage"
    found = prices(["MSFT", "XLK", "BND"])
    assert (found.is_sample, [error.scope for error in found.errors]) == (True, ["day"])
    assert found.better_in is None and MarketBudget.objects.get().used == 1
    assert prices(TICKERS).source == "alphavantage"  # two of the three are missing, and there is room for them
    assert (MarketBudget.objects.get().used, len(services.asked)) == (3, 3)


def test_what_is_not_sold_is_not_asked_again_but_the_rest_is(services):
    services.faults["finnhub"] = "not-sold"
    assert prices(["AAPL"]).source == "twelvedata"
    services.faults.clear()
    found = prices(["MSFT"])
    assert (found.source, found.errors[0].kind) == ("twelvedata", "entitlement")
    assert quotes(["AAPL"]).source == "finnhub"
    assert [asked["service"] for asked in services.asked].count("finnhub") == 2


def test_a_refused_key_rests_until_there_is_another(services, settings):
    services.faults["finnhub"] = "bad-key"
    prices(["AAPL"]), quotes(["AAPL"])
    assert [asked["service"] for asked in services.asked].count("finnhub") == 1
    services.faults.clear()
    settings.FINNHUB_API_KEY = "another-key"
    assert quotes(["MSFT"]).source == "finnhub"


def test_a_service_that_falls_three_times_rests(services):
    services.faults["finnhub"] = "status-500"
    for ticker in ("AAPL", "MSFT", "IBM", "XLK"):
        found = quotes([ticker])
    assert [asked["service"] for asked in services.asked].count("finnhub") == 3
    assert found.errors[0].counts is False and 0 < found.better_in <= 30


def test_a_source_that_takes_too_long_for_all_is_left(services, monkeypatch):
    monkeypatch.setattr(chain, "SECONDS", -1.0)
    found = prices(["AAPL"])
    assert (found.is_sample, {error.kind for error in found.errors}, services.asked) == (True, {"timeout"}, [])


def test_many_who_ask_at_once_make_one_request_for_each_ticker(services):
    barrier = threading.Barrier(8)

    def ask(_):
        barrier.wait(20)
        try:
            return prices(TICKERS)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    assert {answer.source for answer in found} == {"finnhub"}
    assert sorted(asked["symbol"] for asked in services.asked) == TICKERS


def test_without_redis_every_answer_is_fetched_anew(services, no_redis):
    assert [prices(["AAPL"]).source, prices(["AAPL"]).source] == ["finnhub", "finnhub"]
    assert len(services.asked) == 2


def test_of_many_who_wait_for_one_answer_only_the_first_meets_a_refused_key(services):
    services.hold_after, services.faults = 0, dict.fromkeys(NAMES, "bad-key")

    def ask(_):
        try:
            return prices(["AAPL"])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(ask, number) for number in range(4)]
        wait_until(lambda: services.asked)
        services.gate.set()
        found = [future.result() for future in running]
    assert all(answer.is_sample and len(answer.errors) == 3 for answer in found)
    assert sorted(asked["service"] for asked in services.asked) == sorted(NAMES)
