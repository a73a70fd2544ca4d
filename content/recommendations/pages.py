"""What the page of one request shows. Reads only."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from content.recommendations import charts, selectors, wording
from content.recommendations.answer import whole
from content.recommendations.forms import HORIZONS
from content.recommendations.models import Recommendation
from content.texts.durations import in_words
from queues.models import Job
from queues.selectors import position
from queues.states import JobState


@dataclass(frozen=True)
class Line:
    """A row of the table of weights; `bar` is its length in percent of the whole."""

    told: dict[str, Any]

    @property
    def bar(self) -> float:
        return round(self.told["weight"] * 100, 2)


@dataclass(frozen=True)
class RecommendationPage:
    """`place` is 1 for the next in line, None when not waiting."""

    row: Recommendation
    job: Job | None
    state: str
    place: int | None

    @property
    def is_moving(self) -> bool:
        return self.state in (selectors.PENDING, selectors.PROCESSING)

    @property
    def has_failed(self) -> bool:
        return self.state == selectors.FAILED

    @property
    def horizon(self) -> str:
        return HORIZONS[self.row.time_horizon]

    @cached_property
    def words(self) -> str:
        """Where the request stands, in a sentence; also what is said to those who cannot see it."""
        if self.has_failed:
            return wording.fault(self.job)
        if not self.is_moving:
            return "The proposal is here."
        if self.job.state == JobState.DELAYED:
            return "It goes on in a moment by itself."
        if self.place:
            seconds = selectors.wait_seconds(self.job, self.place)
            if seconds is None:
                return f"Number {self.place} in line. Work is paused at the moment; it goes on by itself."
            return f"Number {self.place} in line, {in_words(seconds)}."
        return wording.STAGES.get(self.job.stage, "The work begins.")

    @cached_property
    def answer(self) -> dict[str, Any] | None:
        return whole(self.row) if self.state == selectors.COMPLETED else None

    @property
    def paragraphs(self) -> list[str]:
        return self.answer["reasoning"].split("\n\n")

    @property
    def lines(self) -> list[Line]:
        return [Line(told) for told in self.answer["recommendations"]]

    @property
    def loss_percent(self) -> str:
        return f"{self.answer['portfolioProjections']['chanceOfLoss'] * 100:.0f}"

    @property
    def fan(self) -> charts.Fan:
        return charts.fan(self.answer["portfolioProjections"]["points"])


def recommendation_page(row: Recommendation) -> RecommendationPage:
    """The job, and for one that waits its place; `words` then asks for the estimate."""
    job = selectors.job_of(row)
    state = selectors.state(row, job)
    waits = state == selectors.PENDING and job.state != JobState.DELAYED
    return RecommendationPage(row, job, state, position(job) if waits else None)
