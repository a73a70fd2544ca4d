"""The answer as it is stored and sent: what was computed, the words around it, and what has to be said with it."""

from typing import Any

from content.recommendations.market.base import SAMPLE
from content.recommendations.market.instruments import SECTORS
from content.recommendations.method import allocation, projection
from content.recommendations.method.proposal import Position, Proposal
from content.recommendations.method.targets import SHARES
from content.recommendations.models import Recommendation
from content.recommendations.writing import template
from content.recommendations.writing.facts import percent

CURRENCY = "USD"
DISCLAIMER = (
    "This is not investment advice. It is computed from past prices by a fixed method that knows nothing of your "
    "circumstances. Past prices do not tell future ones, and you may lose money. Ask a licensed adviser before you act."
)
CASH_NAME = "Cash or short-term government bonds"


def answer(
    row: Recommendation, stored: dict[str, Any], proposal: Proposal, written: dict[str, Any] | None
) -> dict[str, Any]:
    """JSON for `row.result`: all of the seed's keys, and what we say beyond them. `written` None: the template."""
    texts = written["positions"] if written else {}
    positions = [
        _position(one, texts.get(one.candidate.ticker) or template.rationale(one)) for one in proposal.positions
    ]
    by_template = template.reasoning(proposal, risk_tolerance=row.risk_tolerance, horizon=row.time_horizon)
    return {
        "recommendations": positions + ([_cash(proposal)] if proposal.cash_amount or proposal.cash else []),
        "reasoning": written["reasoning"] if written else by_template,
        "portfolioProjections": _projections(proposal),
        "excluded": [{"ticker": ticker, "reason": why} for ticker, why in stored["excluded"]],
        "notices": notices(stored),
        "disclaimer": DISCLAIMER,
    }


def notices(stored: dict[str, Any]) -> list[str]:
    """What a reader must know about the prices, the most important first."""
    found = []
    if stored["is_sample"]:
        found.append(
            f"{stored['label']}. They show how the method works, and nothing of today's markets; do not act on them."
        )
        if stored["problems"]:
            found.append("No market-data service could be used, so the sample was.")
    if stored["without"]:
        some = [sector for sector in SECTORS if sector in stored["without"]]
        found.append(f"There are no prices for {', '.join(some)}: nothing of it is in this proposal.")
    return found


def _position(one: Position, text: str) -> dict[str, Any]:
    return {
        "ticker": one.candidate.ticker,
        "name": one.candidate.name,
        "sector": one.candidate.sector,
        "kind": one.candidate.kind,
        "weight": one.weight,
        "amount": one.amount,
        "volatility": round(one.candidate.volatility, 4),
        "largestFall": round(one.candidate.largest_fall, 4),
        "expectedReturn": round(one.candidate.expected_return, 4),
        "rationale": text,
    }


def _cash(proposal: Proposal) -> dict[str, Any]:
    return {
        "ticker": None,
        "name": CASH_NAME,
        "sector": None,
        "kind": "cash",
        "weight": proposal.cash,
        "amount": proposal.cash_amount,
        "volatility": 0.0,
        "largestFall": 0.0,
        "expectedReturn": projection.CASH_RETURN,
        "rationale": template.cash_rationale(),
    }


def _projections(proposal: Proposal) -> dict[str, Any]:
    end = proposal.points[-1]
    return {
        "currency": CURRENCY,
        "years": end.years,
        "low": end.low,
        "median": end.median,
        "high": end.high,
        "chanceOfLoss": round(proposal.chance_of_loss, 4),
        "expectedReturn": round(proposal.expected_return, 4),
        "volatility": round(proposal.volatility, 4),
        "volatilityTarget": proposal.target,
        "percentiles": list(projection.PERCENTILES),
        "points": [
            {"years": point.years, "low": point.low, "median": point.median, "high": point.high}
            for point in proposal.points
        ],
        "assumptions": assumptions(),
    }


def assumptions() -> list[str]:
    """What the ranges rest on."""
    cash, premium = percent(projection.CASH_RETURN), percent(projection.EQUITY_PREMIUM)
    shares = ", ".join(f"{percent(share)} of it for a {name} horizon" for name, share in SHARES.items())
    return [
        "Values spread lognormally, with the volatility of the last five years of weekly prices, unchanged.",
        f"Cash earns {cash} a year and does not swing; shares earn {premium} more on average. An instrument's own past "
        f"return moves that by the weight of its history's years among {projection.PRIOR_YEARS} more.",
        "The weights are kept: what has grown is sold, what has fallen is bought. No costs, taxes or inflation.",
        f"At most {percent(allocation.MOST_PER_INSTRUMENT)} in one instrument and "
        f"{percent(allocation.MOST_PER_SECTOR)} in one sector; no borrowing, no short selling.",
        f"The volatility target is that of the risk tolerance: {shares}.",
    ]


def whole(row: Recommendation) -> dict[str, Any]:
    """The answer of a request that has one, with who wrote it and where the prices come from."""
    is_sample = row.market_source == SAMPLE
    return row.result | {
        "writtenBy": {
            "source": "ai" if row.written_by else "template",
            "model": row.written_by or None,
            "label": f"Written by AI ({row.written_by}); names and numbers were checked"
            if row.written_by
            else "Written from a template, not by AI",
        },
        "market": {"source": row.market_source, "asOf": row.as_of, "isSample": is_sample},
    }
