from datetime import date, datetime
from decimal import Decimal

import pytest

from content.recommendations.market import reading
from content.recommendations.market.base import MarketError, MarketSource, PriceSet
from content.recommendations.market.registry import SERVICES
from content.recommendations.market.sample import Sample

THURSDAY = date(2026, 11, 19)


@pytest.fixture(autouse=True)
def it_is_thursday(monkeypatch):
    monkeypatch.setattr(reading.timezone, "now", lambda: datetime.fromisoformat("2026-11-19T23:59:59+00:00"))


def closes(*days: str) -> list[tuple[date, Decimal]]:
    return [(date.fromisoformat(day), Decimal(number)) for number, day in enumerate(days, 1)]


def test_todays_price_is_no_close_and_a_week_counts_with_its_last():
    found = reading.history("X", "s", closes("2026-11-12", "2026-11-13", "2026-11-16", "2026-11-18", "2026-11-19"), 30)
    assert found.closes == ((date(2026, 11, 13), Decimal(2)), (date(2026, 11, 18), Decimal(4)))
    assert found.as_of == date(2026, 11, 18)


def test_the_order_of_the_service_does_not_matter():
    days = closes("2026-11-02", "2026-11-06", "2026-11-12")
    assert reading.history("X", "s", reversed(days), 30) == reading.history("X", "s", days, 30)


@pytest.mark.parametrize("days", [[], ["2026-11-19"], ["2026-11-20"], ["2026-10-19"]])
def test_without_a_close_in_the_time_asked_for_there_is_no_history(days):
    with pytest.raises(MarketError, match="no closes of X"):
        reading.history("X", "s", closes(*days), 30)


def test_the_turn_of_the_year_is_in_one_week():
    days = closes("2026-11-01", "2026-11-02")
    year = [(date(2024, 12, 30), Decimal(1)), (date(2025, 1, 3), Decimal(2))]
    assert len(reading.history("X", "s", days, 30).closes) == 2
    assert reading.history("X", "s", year, 10_000).closes == ((date(2025, 1, 3), Decimal(2)),)


@pytest.mark.parametrize("value", ["12.50", Decimal("12.50")])
def test_a_price_is_read_from_text_and_number(value):
    assert str(reading.price(value)) == "12.50"


@pytest.mark.parametrize("value", [True, None, "", "abc", "0", 0, "-1", "NaN", "Infinity", 1.5, [], "1e300", 10**9])
def test_what_is_no_price_is_refused(value):
    with pytest.raises((TypeError, ValueError, ArithmeticError)):
        reading.price(value)


@pytest.mark.parametrize("value", [1795046400, Decimal(1795046400), "2026-11-19", "2026-11-19 09:30:00"])
def test_a_day_is_read_from_seconds_and_text(value):
    assert reading.day(value) == THURSDAY


@pytest.mark.parametrize("kind", [*SERVICES, Sample])
def test_every_source_has_what_the_protocol_names(kind):
    for name in [*MarketSource.__annotations__, "quote", "history", "prepare"]:
        assert getattr(kind, name)


def test_a_set_of_nothing_has_no_day():
    assert PriceSet("sample", "", "", {}).as_of is None


@pytest.mark.parametrize(("kind", "scope"), [("quota", ""), ("rate_limit", "hour")])
def test_an_error_of_an_unknown_kind_cannot_be_made(kind, scope):
    with pytest.raises(ValueError, match="unknown kind"):
        MarketError(kind, "x", scope=scope)
