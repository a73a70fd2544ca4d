"""What a text may say: every figure of a proposal, in lines for a model and for the check of its answer."""

import datetime
from dataclasses import dataclass
from typing import Any

from content.recommendations.measuring import as_of
from content.recommendations.method.allocation import MOST_PER_INSTRUMENT, MOST_PER_SECTOR
from content.recommendations.method.candidates import Candidate
from content.recommendations.method.projection import CASH_RETURN, EQUITY_PREMIUM
from content.recommendations.method.proposal import Proposal


@dataclass(frozen=True)
class Facts:
    """`of` has the line of each ticker that may be mentioned, `general` all others."""

    general: tuple[str, ...]
    of: dict[str, str]

    @property
    def text(self) -> str:
        return "\n".join([*self.general, *self.of.values()])


def percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + " %"


def dollars(amount: float) -> str:
    """With cents only where they matter."""
    return f"{amount:,.0f} USD" if amount >= 1000 else f"{amount:.2f}".removesuffix(".00") + " USD"


def day(date: datetime.date | None) -> str:
    return f"{date.day} {date:%B %Y}" if date else "an unknown day"


def wishes(*, risk_tolerance: int, horizon: str, years: float, capital: float, sectors: list[str]) -> str:
    """The client, in a line."""
    return (
        f"The client has a risk tolerance of {risk_tolerance} out of 10, a {horizon} horizon (looked at for {years:g} "
        f"year{'s' if years > 1 else ''}), {dollars(capital)}, and chose {', '.join(sectors)}."
    )


def candidate_line(one: Candidate) -> str:
    return (
        f"{one.ticker}: {one.name}, {one.kind}, {one.sector}; volatility {percent(one.volatility)} a year, largest "
        f"fall {percent(one.largest_fall)}, expected return {percent(one.expected_return)} a year"
    )


def of_prices(stored: dict[str, Any]) -> str:
    """Where the prices come from, in a line."""
    return f"Prices: {stored['label']}, as of {day(as_of(stored))}, weekly, at most 5 years of them."


def facts_of(client: str, stored: dict[str, Any], proposal: Proposal) -> Facts:
    """All that may be said about the proposal."""
    end, sectors = proposal.points[-1], {one.candidate.sector for one in proposal.positions}
    general = (
        client,
        of_prices(stored),
        f"Positions: {len(proposal.positions)}, in {len(sectors)} sector{'s' if len(sectors) > 1 else ''}.",
        f"Cash or short-term government bonds: weight {percent(proposal.cash)}, {dollars(proposal.cash_amount)}.",
        f"Volatility target {percent(proposal.target)} a year; the proposal has {percent(proposal.volatility)}.",
        f"Expected return {percent(proposal.expected_return)} a year, assumed from {percent(CASH_RETURN)} for cash and "
        f"{percent(EQUITY_PREMIUM)} more for shares.",
        f"After {end.years:g} years: 10 of 100 outcomes are below {dollars(end.low)}, the median is "
        f"{dollars(end.median)}, 10 of 100 are above {dollars(end.high)} (the 10th and 90th percentile).",
        f"Chance of less than the capital then: {percent(proposal.chance_of_loss)}.",
        f"Caps: {percent(MOST_PER_INSTRUMENT)} for one instrument, {percent(MOST_PER_SECTOR)} for one sector.",
    )
    lines = {
        one.candidate.ticker: f"{candidate_line(one.candidate)}; weight {percent(one.weight)}, {dollars(one.amount)}"
        for one in proposal.positions
    }
    return Facts(general, lines)
