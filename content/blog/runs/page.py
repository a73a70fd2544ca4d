"""What the page of runs shows. Reads only."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from aiproviders.selectors import spend
from content.blog.models import Run
from content.blog.runs import log, selectors
from content.blog.runs.progress import Progress, parts_of, progress_of, state_of
from content.blog.runs.wording import made, what_happens
from queues import topics
from queues.states import IN_LINE

HISTORY = 20
LINES = 60


@dataclass(frozen=True)
class Card:
    """One run, as it goes or as it ended."""

    id: str
    title: str
    owner: str
    state: str
    progress: Progress
    words: str
    spent: Decimal
    lines: tuple[log.Line, ...]

    @property
    def is_open(self) -> bool:
        return self.state in ("waiting", "running", "scheduled", "stopping")

    @property
    def can_stop(self) -> bool:
        return self.is_open and self.state != "stopping"


@dataclass(frozen=True)
class Row:
    """A run of the past."""

    id: str
    at: datetime.datetime
    owner: str
    title: str
    state: str
    made: str
    cost: Decimal


@dataclass(frozen=True)
class RunsPage:
    cards: tuple[Card, ...]
    rows: tuple[Row, ...]

    @property
    def is_moving(self) -> bool:
        return any(card.is_open for card in self.cards)

    @property
    def words(self) -> str:
        """For those who cannot see what changed."""
        return " ".join(f"{card.title}: {card.words}" for card in self.cards) or "No run goes on."


def runs_page(user) -> RunsPage:
    """All runs that go on, the user's own last one, and the history."""
    runs = list(selectors.running())
    own = selectors.latest_of(user)
    if own is not None and own not in runs:
        runs.append(own)
    past = [run for run in Run.objects.told()[: HISTORY + len(runs)] if not run.is_open][:HISTORY]
    return RunsPage(tuple(map(_card, runs)), tuple(map(_row, past)))


def news_of(page: RunsPage) -> list[str]:
    """The topics of what changes this page."""
    runs = Run.objects.told().filter(pk__in=[card.id for card in page.cards if card.is_open])
    lines = {topics.of_queue(run.job.queue) for run in runs if run.job.state in IN_LINE}
    return [*map(topics.of_subject, runs), *lines]


def _card(run: Run) -> Card:
    progress = progress_of(run)
    return Card(
        id=str(run.pk),
        title=str(run),
        owner=str(run.owner),
        state=state_of(run),
        progress=progress,
        words=what_happens(run, progress),
        spent=run.cost + (_spent_in_round(run) if run.is_open else 0),
        lines=tuple(log.lines(run, most=LINES)),
    )


def _spent_in_round(run: Run) -> Decimal:
    return spend([run.job_id, *parts_of(run).filter(parent=run.job_id).values_list("pk", flat=True)]).cost


def _row(run: Run) -> Row:
    over = made(Progress(0, run.written, run.failed, run.skipped))
    return Row(str(run.pk), run.created_at, str(run.owner), str(run), state_of(run), over, run.cost)
