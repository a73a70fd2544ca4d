import csv

from content.recommendations.market import instruments, prices
from content.recommendations.market.base import SAMPLE
from content.recommendations.market.instruments import INSTRUMENTS, SECTORS
from content.recommendations.market.registry import SERVICES
from content.recommendations.market.sample import FILE


def test_tickers_are_unique_and_sectors_are_on_the_list():
    assert len(instruments.BY_TICKER) == len(INSTRUMENTS)
    assert {instrument.sector for instrument in INSTRUMENTS} == {*SECTORS, ""}
    assert {"Technology", "Healthcare"} <= set(SECTORS)


def test_every_sector_has_a_fund_and_there_are_markets_and_bonds():
    funds = {instrument.sector for instrument in INSTRUMENTS if instrument.asset_class == instruments.SECTOR_FUND}
    assert funds == set(SECTORS)
    for kind in (instruments.MARKET_FUND, instruments.BOND_FUND):
        assert [instrument for instrument in INSTRUMENTS if instrument.asset_class == kind and not instrument.sector]


def test_the_services_named_are_those_that_exist():
    assert {service.name for service in SERVICES} == set(instruments.SERVICES)


def test_the_sample_has_what_the_list_says_and_nothing_else():
    tickers = [instrument.ticker for instrument in INSTRUMENTS if instrument.in_sample]
    found = prices(tickers, only=SAMPLE, days=20_000)
    assert (sorted(found.by_ticker), found.missing) == (["AAPL", "FB", "GOOG", "IBM", "MSFT"], ())
    assert {ticker: len(history.closes) for ticker, history in found.by_ticker.items()} == {
        "AAPL": 679, "MSFT": 679, "IBM": 679, "GOOG": 446, "FB": 42,
    }  # fmt: skip


def test_the_samples_file_is_small_and_has_its_weeks_in_order():
    assert FILE.stat().st_size < 150_000
    days = [row["date"] for row in csv.DictReader(FILE.read_text().splitlines())]
    assert days == sorted(set(days)) and (days[0], days[-1]) == ("2000-03-03", "2013-03-01")


def test_facebook_is_known_by_one_name_to_each_source():
    assert [instrument.sources for instrument in INSTRUMENTS if instrument.ticker == "FB"] == [(SAMPLE,)]
    assert not instruments.BY_TICKER["META"].in_sample
