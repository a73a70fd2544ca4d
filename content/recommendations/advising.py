"""The doing half: prices, what follows from them, the words, and the answer with the job's end. No word of Celery."""

import datetime
from typing import Any

from django.conf import settings

from content.recommendations import measuring
from content.recommendations.answer import answer
from content.recommendations.method.candidates import Universe, calmest
from content.recommendations.method.errors import NothingUsable
from content.recommendations.method.proposal import Proposal, propose
from content.recommendations.method.targets import YEARS
from content.recommendations.models import Recommendation
from content.recommendations.writing.facts import facts_of, wishes
from content.recommendations.writing.writer import MOST_PICKED, NoModel, Writer
from queues import clock
from queues.errors import Cancelled
from queues.models import Job
from queues.running import RunningJob

STAGES = ("prices", "choosing", "writing")


def recommend(*, recommendation_id: str, job: RunningJob) -> None:
    """Computes one recommendation and saves it with the job's completion.

    Raises NothingUsable, ProviderError while another try may get a text, Cancelled when the request is gone.
    """
    row = Recommendation.objects.select_related("owner").filter(pk=recommendation_id).first()
    if row is None:
        raise Cancelled("The request is not there any more.")
    waited = _seconds_since_it_began(job.job)
    job.progress(0, len(STAGES), STAGES[0])
    stored = job.step("prices", lambda: measuring.measured(row.sectors, waited=waited))
    universe = measuring.universe_of(stored)
    if not universe.candidates:
        raise NothingUsable(f"There are no usable prices for {', '.join(row.sectors)}.")
    writer, client = Writer(job, row.owner, waited=waited), _client(row)
    job.progress(1, len(STAGES), STAGES[1])
    # Kept as a whole, so that a text that is paid for stays about these instruments.
    choice = job.step("choice", lambda: _choice(writer, universe, client))
    proposal = propose(
        universe.only(choice["tickers"]),
        risk_tolerance=row.risk_tolerance,
        horizon=row.time_horizon,
        capital=row.capital,
    )
    job.progress(2, len(STAGES), STAGES[2])
    written = None if choice["without_model"] else _written(writer, client, stored, proposal)
    with job.completing({"recommendationId": str(row.pk)}):
        _save(row, stored, proposal, written)


def _choice(writer: Writer, universe: Universe, client: str) -> dict[str, Any]:
    """The instruments to use, by the model or by rule."""
    by_rule = calmest(universe.candidates, MOST_PICKED)
    try:
        return {"tickers": writer.pick(universe, client) or by_rule, "without_model": False}
    except NoModel as why:
        writer.job.log(f"No model chooses or writes: {why}")
        return {"tickers": by_rule, "without_model": True}


def _written(writer: Writer, client: str, stored: dict[str, Any], proposal: Proposal) -> dict[str, Any] | None:
    try:
        return writer.text(facts_of(client, stored, proposal))
    except NoModel as why:
        writer.job.log(f"The text comes from the template: {why}")
        return None


def _save(row: Recommendation, stored: dict[str, Any], proposal: Proposal, written: dict[str, Any] | None) -> None:
    now = clock.now()
    saved = Recommendation.objects.filter(pk=row.pk).update(
        result=answer(row, stored, proposal, written),
        market_source=stored["source"],
        as_of=measuring.as_of(stored),
        written_by=written["model"][:250] if written else "",
        completed_at=now,
        expires_at=now + lifetime(),
    )
    if not saved:
        raise Cancelled("The request is not there any more.")


def failed(job: Job) -> None:
    """The job's last try has failed, in the transaction that says so: from now on the request's time runs."""
    Recommendation.objects.filter(pk=job.args["recommendation_id"]).update(expires_at=clock.now() + lifetime())


def lifetime() -> datetime.timedelta:
    """How long an answer is kept."""
    return datetime.timedelta(seconds=settings.RESULTS_TTL)


def _client(row: Recommendation) -> str:
    return wishes(
        risk_tolerance=row.risk_tolerance,
        horizon=row.time_horizon,
        years=YEARS[row.time_horizon],
        capital=row.capital,
        sectors=row.sectors,
    )


def _seconds_since_it_began(job: Job) -> float:
    first = job.attempts.order_by("number").values_list("started_at", flat=True).first()
    return (clock.now() - first).total_seconds() if first else 0.0
