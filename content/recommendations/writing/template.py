"""The words around a proposal when no model writes them: fixed sentences with its figures, and labelled so."""

from content.recommendations.method.projection import CASH_RETURN
from content.recommendations.method.proposal import Position, Proposal
from content.recommendations.writing.facts import dollars, percent

CASH = "What the volatility target and the caps leave over. Its value does not swing; it is assumed to earn {} a year."


def reasoning(proposal: Proposal, *, risk_tolerance: int, horizon: str) -> str:
    """Three paragraphs."""
    end, sectors = proposal.points[-1], sorted({one.candidate.sector for one in proposal.positions})
    return "\n\n".join(
        [
            f"A risk tolerance of {risk_tolerance} out of 10 and a {horizon} horizon stand for a volatility of at most "
            f"{percent(proposal.target)} a year. This proposal has {percent(proposal.volatility)}: "
            f"{len(proposal.positions)} position{'s' if len(proposal.positions) > 1 else ''} in {_listed(sectors)}, "
            f"the calmer ones with more weight, and {percent(proposal.cash)} in cash or short-term government bonds.",
            f"With an assumed return of {percent(proposal.expected_return)} a year, 80 of 100 outcomes lie between "
            f"{dollars(end.low)} and {dollars(end.high)} after {_years(end.years)}, half of all below "
            f"{dollars(end.median)}. The chance of having less than the capital then is "
            f"{percent(proposal.chance_of_loss)}.",
            "Past prices say little about future ones. Single shares can lose most of their value, whatever their "
            "weight; the range assumes that risks stay as they were.",
        ]
    )


def rationale(position: Position) -> str:
    """Why one instrument has the weight it has."""
    one = position.candidate
    return (
        f"{one.name} swung by {percent(one.volatility)} a year and fell by {percent(one.largest_fall)} at worst within "
        f"the {_years(round(one.years, 1))} looked at. The less an instrument swings, the more weight it gets."
    )


def cash_rationale() -> str:
    return CASH.format(percent(CASH_RETURN))


def _years(count: float) -> str:
    return f"{count:g} year{'' if count == 1 else 's'}"


def _listed(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
