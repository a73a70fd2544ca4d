"""What the page of a job in the admin says before its fields: how it went, what it cost, and what can be done."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from queues import spending, stats
from queues.models import Attempt, Job, JobEvent
from queues.states import IN_LINE, OPEN, JobState

MOST_EVENTS = 100  # lines, and tries; the API has all, page by page
LOOKS = {JobState.ACTIVE: "active", JobState.COMPLETED: "good", JobState.FAILED: "bad", JobState.CANCELLED: "over"}
ACTIONS = (
    ("retry", "Put back in line", (JobState.FAILED,)),
    ("promote", "Let it start now", (JobState.DELAYED,)),
    ("to_the_front", "Move to the front", IN_LINE),
    ("to_the_back", "Move to the back", IN_LINE),
    ("cancel", "Cancel this job", OPEN),
)


@dataclass(frozen=True)
class JobPage:
    """Times in seconds. `actions` are names and labels of the admin's actions that this job's state allows."""

    state: str
    look: str
    why: str
    waited: float
    ran: float | None
    cost: Decimal | None
    actions: list[tuple[str, str]]
    attempts: list[tuple[Attempt, float | None]]
    events: list[JobEvent]
    more_events: bool


def job_page(job: Job) -> JobPage:
    now = timezone.now()
    events = list(job.events.order_by("-pk")[: MOST_EVENTS + 1])
    return JobPage(
        state=JobState(job.public_state).label,
        look=LOOKS.get(job.state, ""),
        why=stats.why_waiting(job),
        waited=_seconds(job.created_at, job.started_at or job.finished_at or now),
        ran=_seconds(job.started_at, job.finished_at or now) if job.started_at and job.state not in IN_LINE else None,
        cost=spending.spent([job.pk]),
        actions=[(name, label) for name, label, states in ACTIONS if job.state in states],
        attempts=[
            (each, _seconds(each.started_at, each.finished_at or now) if each.started_at else None)
            for each in reversed(job.attempts.order_by("-number")[:MOST_EVENTS])
        ],
        events=events[MOST_EVENTS - 1 :: -1],
        more_events=len(events) > MOST_EVENTS,
    )


def _seconds(since: datetime.datetime, until: datetime.datetime) -> float:
    return max(0.0, (until - since).total_seconds())
