"""Requests for tests, made the way the product makes them, and a model that answers as it should."""

import json

from django.test import override_settings

from content.recommendations import advising, services
from content.recommendations.models import Recommendation
from queues.failure import settle
from queues.models import Job
from queues.running import RunningJob
from tests.factories import claimed

SEED = {
    "riskTolerance": 7,
    "capitalAvailable": 10000,
    "timeHorizon": "medium",
    "sectors": ["Technology", "Healthcare"],
}
BOTH = ["Technology", "Communication Services"]  # the sectors that the sample has, five instruments together
REASONING = (
    "The mix keeps to a volatility that a tolerance of 7 out of 10 allows. Calm instruments have more weight than wild "
    "ones, and the rest stays in cash.\n\nShares may fall far, and the range says how far the outcomes may lie apart."
)


def make_request(owner=None, **fields) -> Recommendation:
    """A request whose job waits in line."""
    given = {"risk_tolerance": 7, "capital": 10_000.0, "time_horizon": "medium", "sectors": BOTH}
    return services.request_recommendations(owner=owner, **given | fields)[0]


def attempt(row: Recommendation) -> Job:
    """One attempt at the request's job, settled as the worker settles it; the job afterwards."""
    Job.objects.filter(pk=row.current_job, state="delayed").update(state="waiting")
    running = RunningJob(claimed(Job.objects.get(pk=row.current_job)))
    try:
        advising.recommend(recommendation_id=str(row.pk), job=running)
    except Exception as error:
        settle(running.job, error)
    row.refresh_from_db()
    return Job.objects.get(pk=row.current_job)


def answered(**fields) -> Recommendation:
    """A stranger's request with its answer, as without a model; also inside a transaction, where none may be asked."""
    row = make_request(**fields)
    with override_settings(AI_HOUSE_KEYS_FOR="nobody"):
        attempt(row)
    return row


class Model:
    """What `fake.says[name]` may be: picks tickers and writes texts; `texts` are its first reasonings, then a good one.

    Counts what it was asked for.
    """

    def __init__(self, *texts: str, picks: list[str] | None = None) -> None:
        self.texts, self.picks = list(texts), picks
        self.picked, self.wrote, self.prompts = 0, 0, []

    def __call__(self, asked) -> str:
        properties = asked.schema()["properties"]
        self.prompts.append(str(asked))
        if "tickers" in properties:
            self.picked += 1
            return json.dumps({"tickers": self.picks or properties["tickers"]["items"]["enum"][:4]})
        self.wrote += 1
        reasoning = self.texts.pop(0) if self.texts else REASONING
        whys = dict.fromkeys(properties["positions"]["properties"], "It spreads the risk.")
        return json.dumps({"reasoning": reasoning, "positions": whys})
