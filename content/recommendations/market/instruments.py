"""What may be recommended: large, liquid US stocks, and funds of sectors, markets and bonds.

Nothing else is ever asked for or accepted from a model. A fund stands for its whole sector, so that a portfolio of one
sector is not three companies. Sectors are those of the Global Industry Classification Standard since 2018, with the
first clients' spelling of two. To add one: a line here; every service knows all US tickers.
"""

from dataclasses import dataclass

from content.recommendations.market.base import SAMPLE

SECTORS = (
    "Technology",
    "Healthcare",
    "Financials",
    "Energy",
    "Consumer Discretionary",
    "Consumer Staples",
    "Industrials",
    "Materials",
    "Utilities",
    "Real Estate",
    "Communication Services",
)
STOCK, SECTOR_FUND, MARKET_FUND, BOND_FUND = "stock", "sector fund", "market fund", "bond fund"
SERVICES = ("finnhub", "twelvedata", "alphavantage")


@dataclass(frozen=True)
class Instrument:
    """`sector` is empty for funds of whole markets and of bonds; `sources` are those that know the ticker."""

    ticker: str
    name: str
    sector: str
    asset_class: str
    sources: tuple[str, ...] = SERVICES

    @property
    def in_sample(self) -> bool:
        return SAMPLE in self.sources


def _both(ticker: str, name: str, sector: str) -> Instrument:
    return Instrument(ticker, name, sector, STOCK, (*SERVICES, SAMPLE))


def _stock(ticker: str, name: str, sector: str) -> Instrument:
    return Instrument(ticker, name, sector, STOCK)


def _fund(ticker: str, name: str, sector: str) -> Instrument:
    return Instrument(ticker, name, sector, SECTOR_FUND)


INSTRUMENTS = (
    _both("AAPL", "Apple", "Technology"),
    _both("MSFT", "Microsoft", "Technology"),
    _both("IBM", "IBM", "Technology"),
    _fund("XLK", "Technology Select Sector SPDR Fund", "Technology"),
    _stock("JNJ", "Johnson & Johnson", "Healthcare"),
    _stock("UNH", "UnitedHealth Group", "Healthcare"),
    _fund("XLV", "Health Care Select Sector SPDR Fund", "Healthcare"),
    _stock("JPM", "JPMorgan Chase", "Financials"),
    _stock("V", "Visa", "Financials"),
    _fund("XLF", "Financial Select Sector SPDR Fund", "Financials"),
    _stock("XOM", "Exxon Mobil", "Energy"),
    _stock("CVX", "Chevron", "Energy"),
    _fund("XLE", "Energy Select Sector SPDR Fund", "Energy"),
    _stock("AMZN", "Amazon", "Consumer Discretionary"),
    _fund("XLY", "Consumer Discretionary Select Sector SPDR Fund", "Consumer Discretionary"),
    _stock("PG", "Procter & Gamble", "Consumer Staples"),
    _stock("KO", "Coca-Cola", "Consumer Staples"),
    _fund("XLP", "Consumer Staples Select Sector SPDR Fund", "Consumer Staples"),
    _stock("CAT", "Caterpillar", "Industrials"),
    _fund("XLI", "Industrial Select Sector SPDR Fund", "Industrials"),
    _fund("XLB", "Materials Select Sector SPDR Fund", "Materials"),
    _fund("XLU", "Utilities Select Sector SPDR Fund", "Utilities"),
    _fund("XLRE", "Real Estate Select Sector SPDR Fund", "Real Estate"),
    _both("GOOG", "Alphabet (Google)", "Communication Services"),
    _stock("META", "Meta Platforms", "Communication Services"),
    Instrument("FB", "Facebook (Meta since 2021)", "Communication Services", STOCK, (SAMPLE,)),
    _fund("XLC", "Communication Services Select Sector SPDR Fund", "Communication Services"),
    Instrument("SPY", "SPDR S&P 500 ETF Trust", "", MARKET_FUND),
    Instrument("VEA", "Vanguard FTSE Developed Markets ETF", "", MARKET_FUND),
    Instrument("BND", "Vanguard Total Bond Market ETF", "", BOND_FUND),
    Instrument("SHY", "iShares 1-3 Year Treasury Bond ETF", "", BOND_FUND),
)
BY_TICKER = {instrument.ticker: instrument for instrument in INSTRUMENTS}
