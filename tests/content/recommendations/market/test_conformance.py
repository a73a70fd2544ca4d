"""Every source, by the same cases; the services over HTTP."""

import logging
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from aiproviders import shared
from aiproviders.shared import client
from content.recommendations.market import service
from content.recommendations.market.base import KINDS, MarketError
from content.recommendations.models import MarketBudget
from tests.content.recommendations.market.conftest import KEY, NAMES, source
from tests.content.recommendations.market.faults import FAULTS, OWN
from tests.content.recommendations.market.server import FIRST, days

stored = pytest.mark.django_db(transaction=True)
SOURCES = [*NAMES, "sample"]
COMMON = {
    "html": "malformed", "html-502": "server", "truncated": "malformed", "empty-body": "malformed",
    "empty-object": "malformed", "null": "malformed", "list": "malformed", "text": "malformed", "deep": "malformed",
    "price-nan": "malformed", "price-text-nan": "malformed", "price-negative": "malformed", "price-huge": "malformed",
    "price-null": "malformed", "price-object": "malformed", "status-400": "bad_request", "status-401": "auth",
    "status-403": "entitlement", "status-404": "not_found", "status-429": "rate_limit", "status-500": "server",
    "wait-7": "rate_limit", "redirect": "bad_request", "cut": "connection", "reset": "connection", "drip": "timeout",
    "silent": "timeout",
}  # fmt: skip
THEIR_WORDS = {
    "finnhub": {
        "all-zeros": "not_found", "no-data": "not_found", "not-sold": "entitlement", "not-sold-401": "entitlement",
        "bad-key": "auth", "minute": "rate_limit", "minute-in-200": "rate_limit", "echo": "bad_request",
    },
    "twelvedata": {
        "unknown": "not_found", "unknown-in-200": "not_found", "euros": "not_found", "not-sold": "entitlement",
        "bad-key": "auth", "minute": "rate_limit", "day": "rate_limit", "down": "server", "no-code": "bad_request",
    },
    "alphavantage": {
        "empty-quote": "not_found", "bad-call": "bad_request", "bad-key": "auth", "demo-key": "auth",
        "not-sold": "entitlement", "minute": "rate_limit", "burst": "rate_limit", "day": "rate_limit",
        "no-price": "malformed",
    },
}  # fmt: skip
ONLY_FOR = {"all-zeros": "quote", "no-data": "history", "empty-quote": "quote", "no-price": "quote"}
CASES = [
    (name, what, fault, kind)
    for name in NAMES
    for fault, kind in (COMMON | THEIR_WORDS[name]).items()
    for what in ("quote", "history")
    if ONLY_FOR.get(fault, what) == what
]


def ask(name: str, what: str = "history"):
    return source(name).quote("AAPL") if what == "quote" else source(name).history("AAPL", 730)


def failure(name: str, what: str) -> MarketError:
    with pytest.raises(MarketError) as caught:
        ask(name, what)
    return caught.value


def test_no_fault_is_forgotten():
    assert set(COMMON) == set(FAULTS) and {name: set(OWN[name]) for name in OWN} == {
        name: set(words) for name, words in THEIR_WORDS.items()
    }
    assert {kind for *_, kind in CASES} == set(KINDS)


@pytest.mark.parametrize("name", SOURCES)
def test_a_quote_is_a_price_in_decimals_with_its_day(services, name):
    quote = ask(name, "quote")
    assert (quote.ticker, quote.currency, quote.source) == ("AAPL", "USD", name)
    expected = (Decimal("56.1374"), date(2013, 3, 1)) if name == "sample" else (Decimal("261.74"), date(2026, 6, 25))
    assert (quote.price, quote.as_of) == expected
    assert isinstance(quote.price, Decimal)


@pytest.mark.parametrize("name", SOURCES)
def test_a_history_is_one_close_a_week_oldest_first(services, name):
    history = ask(name)
    at = [day for day, _ in history.closes]
    assert at == sorted(at) and len({day.isocalendar()[:2] for day in at}) == len(at)
    assert 50 <= len(at) <= 106
    assert at[-1] == history.as_of and history.source == name
    assert all(isinstance(close, Decimal) and close > 0 for _, close in history.closes)


@pytest.mark.parametrize("name", NAMES)
def test_a_history_ends_before_today_and_keeps_the_last_close_of_each_week(services, name):
    history, at = ask(name), days(400)
    assert history.as_of == max(day for day in at if day < datetime.now(UTC).date())
    assert all(close == FIRST + at.index(day) for day, close in history.closes)


@pytest.mark.parametrize("name", NAMES)
def test_a_history_is_no_longer_than_asked_for(services, name):
    history = source(name).history("AAPL", 60)
    assert datetime.now(UTC).date() - history.closes[0][0] <= timedelta(days=60)
    assert 8 <= len(history.closes) <= 10


@pytest.mark.parametrize(("name", "what", "fault", "kind"), CASES, ids=["-".join(case[:3]) for case in CASES])
def test_each_fault_ends_in_its_kind_of_error(services, monkeypatch, name, what, fault, kind):
    monkeypatch.setattr(service.Service, "seconds", 0.2 if kind == "timeout" else 5.0)
    services.faults[name] = fault
    error = failure(name, what)
    assert (error.kind, error.source) == (kind, name), error
    assert error.permanent is KINDS[kind] and error.counts
    assert error.scope == ("" if kind != "rate_limit" else "day" if fault == "day" else "minute")
    assert len(services.asked) == 1
    assert len(str(error)) < 300 and "\0" not in str(error)


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_says_when_to_come_back(services, name):
    services.faults[name] = "wait-7"
    assert failure(name, "quote").retry_after == 7
    assert 0 < failure(name, "history").retry_after <= 7 and len(services.asked) == 1  # it rests meanwhile
    client().delete(*client().keys(f"{shared.PREFIX}*"))
    services.faults[name] = "status-429"
    assert failure(name, "quote").retry_after == 60


@stored
@pytest.mark.parametrize("name", ["twelvedata", "alphavantage"])
def test_a_day_that_is_used_up_lasts_until_midnight_utc(services, settings, name):
    settings.MARKET_LIMITS = {name: (0, 800)}
    services.faults[name] = "day"
    back = datetime.now(UTC) + timedelta(seconds=failure(name, "quote").retry_after)
    assert (back.hour, back.minute) == (0, 0) and back - datetime.now(UTC) <= timedelta(days=1, seconds=1)
    services.faults.clear()
    assert failure(name, "quote").counts is False  # and the whole day's count is taken: nobody asks again
    assert (MarketBudget.objects.get().used, len(services.asked)) == (800, 1)


@pytest.mark.parametrize("name", NAMES)
def test_where_nobody_listens_the_connection_fails(services, settings, name):
    setattr(settings, f"{NAMES[name]}_BASE_URL", "http://127.0.0.1:1")
    assert failure(name, "quote").kind == "connection"


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_no_header_takes_is_refused_before_anything_leaves(services, settings, name):
    setattr(settings, f"{NAMES[name]}_API_KEY", "with\nbreak")
    error = failure(name, "quote")
    assert (error.kind, services.asked) == ("auth", []) and "break" not in str(error)


@pytest.mark.parametrize("name", NAMES)
def test_the_key_goes_where_the_service_takes_it_and_nowhere_else(services, name):
    ask(name, "quote")
    asked, key = services.asked[0], f"{KEY}-{name}"
    headers = {header.lower(): value for header, value in asked["headers"].items()}
    carriers = {header: value for header, value in headers.items() if key in value}
    expected = {"finnhub": {"x-finnhub-token": key}, "twelvedata": {"authorization": f"apikey {key}"}}
    assert carriers == expected.get(name, {})
    assert ("Canary" in asked["path"]) is (name == "alphavantage")
    assert headers["accept-encoding"] == "identity" and "cookie" not in headers


@pytest.mark.parametrize("fault", ["bad-key", "echo", "day", "html", "cut", "silent", "status-500", None])
@pytest.mark.parametrize("name", NAMES)
def test_no_message_and_no_log_line_has_the_key(services, monkeypatch, caplog, name, fault):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(service.Service, "seconds", 0.4 if fault == "silent" else 5.0)
    if fault in OWN[name] or fault in FAULTS:
        services.faults[name] = fault
        error = failure(name, "quote")
        assert error.__context__ is None and error.__cause__ is None
        assert "canary" not in f"{error} {error!r} {vars(error)}".lower()
    else:
        ask(name, "quote")
    assert len(services.asked) == 1
    assert "canary" not in caplog.text.lower()


@stored
@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_or_counted_inside_a_transaction(services, settings, name):
    settings.MARKET_LIMITS = {name: (0, 9)}
    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        ask(name)
    assert services.asked == [] and not MarketBudget.objects.exists()


@stored
@pytest.mark.parametrize("name", NAMES)
def test_no_database_connection_is_held_while_a_service_answers(services, settings, monkeypatch, name):
    settings.MARKET_LIMITS = {name: (0, 9)}
    seen = []
    monkeypatch.setattr(service.lanes, "lane", lambda *a, **o: seen.append(connection.connection) or (_ for _ in ()))
    failure(name, "quote")
    assert seen == [None] and MarketBudget.objects.get().used == 1


def test_the_sample_knows_five_tickers_and_says_so_of_others():
    error = failure_of_sample("XLK")
    assert (error.kind, error.source) == ("not_found", "sample")


def failure_of_sample(ticker: str) -> MarketError:
    with pytest.raises(MarketError) as caught:
        source("sample").history(ticker, 730)
    return caught.value
