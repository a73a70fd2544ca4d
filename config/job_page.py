"""What the page of a job in the admin says: how it goes, what it cost, what can be done, what was asked and given."""

import datetime
import json
from dataclasses import dataclass
from decimal import Decimal

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from queues import spending, stats
from queues.models import Attempt, Job, JobEvent
from queues.states import FINAL, IN_LINE, OPEN, JobState

MOST_EVENTS = 100  # lines, and tries; the API has all, page by page
MOST_JSON = 20_000  # characters; the API has all
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
    """Times in seconds. `can` are the names of the admin's actions that this job's state allows.

    `words` is all of it in short, for who only hears that the page has changed; nothing comes after `is_over`.
    `about` names the kind of thing that the job is about, `about_path` is its page here; empty when there is none.
    `args` and `result` are JSON to read, empty when there is none.
    """

    state: str
    look: str
    why: str
    waited: float
    ran: float | None
    cost: Decimal | None
    can: list[str]
    attempts: list[tuple[Attempt, float | None]]
    events: list[JobEvent]
    more_events: bool
    about: str
    about_path: str
    args: str
    result: str
    steps: list[str]
    parts: int
    words: str
    is_moving: bool
    is_over: bool


def job_page(job: Job) -> JobPage:
    now = timezone.now()
    about, about_path = _subject(job)
    events = list(job.events.order_by("-pk")[: MOST_EVENTS + 1])
    state, why = JobState(job.public_state).label, stats.why_waiting(job)
    return JobPage(
        state=state,
        look=LOOKS.get(job.state, ""),
        why=why,
        waited=_seconds(job.created_at, job.started_at or job.finished_at or now),
        ran=_seconds(job.started_at, job.finished_at or now) if job.started_at and job.state not in IN_LINE else None,
        cost=spending.spent([job.pk]),
        can=[name for name, _, allowed in actions(job) if allowed],
        attempts=[
            (each, _seconds(each.started_at, each.finished_at or now) if each.started_at else None)
            for each in reversed(job.attempts.order_by("-number")[:MOST_EVENTS])
        ],
        events=events[MOST_EVENTS - 1 :: -1],
        more_events=len(events) > MOST_EVENTS,
        about=about,
        about_path=about_path,
        args=_readable(job.args),
        result=_readable(job.result),
        steps=list(job.steps.order_by("pk").values_list("name", flat=True)[:MOST_EVENTS]),
        parts=job.children.count(),
        words=_in_short(job, state, why),
        is_moving=job.state == JobState.ACTIVE,
        is_over=job.state in FINAL,
    )


def actions(job: Job) -> list[tuple[str, str, bool]]:
    """Name and label of each of the admin's actions, and whether the job's state allows it."""
    return [(name, label, job.state in states) for name, label, states in ACTIONS]


def _in_short(job: Job, state: str, why: str) -> str:
    if job.state == JobState.ACTIVE and job.stage:
        return f"{state}. Now: {job.stage}."
    return " ".join(filter(None, (f"{state}.", why, job.error_message if job.state == JobState.FAILED else "")))


def _seconds(since: datetime.datetime, until: datetime.datetime) -> float:
    return max(0.0, (until - since).total_seconds())


def _subject(job: Job) -> tuple[str, str]:
    try:
        model = apps.get_model(job.subject_type)._meta
        path = reverse(f"admin:{model.app_label}_{model.model_name}_change", args=[job.subject_id])
    except (LookupError, ValueError):  # none, or of an app that is gone
        return job.subject_type, ""
    except NoReverseMatch:
        return str(model.verbose_name), ""
    return str(model.verbose_name), path


def _readable(value: object) -> str:
    """JSON over several lines; too long a one is cut, and says so."""
    if value in (None, {}, []):
        return ""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return (
        text if len(text) <= MOST_JSON else f"{text[:MOST_JSON]}\n... cut here; the API has all {len(text)} characters."
    )
