"""What happened in a run, line by line, from the events of its jobs."""

import datetime
from dataclasses import dataclass

from content.blog.models import Run
from content.blog.runs.kinds import RUN
from queues.models import JobEvent
from queues.states import JobState

MOST_EVENTS, MOST_LINES = 1000, 200
FIRST_WORDS = "Waiting in line"  # of every job, and no news
QUIET = (JobState.WAITING, JobState.DISPATCHED, JobState.ACTIVE, JobState.COMPLETED)


@dataclass(frozen=True)
class Line:
    """`post_id` is set where a post was written."""

    id: int
    at: datetime.datetime
    level: str
    message: str
    post_id: str = ""


def lines(run: Run, *, after: int | None = None, most: int = MOST_LINES) -> list[Line]:
    """Oldest first: those with a larger id than `after`, else the newest. One query."""
    events = JobEvent.objects.filter(job__subject_type=Run._meta.label_lower, job__subject_id=str(run.pk))
    events = events.select_related("job").only(
        *("id", "at", "level", "message", "data", "job__kind", "job__subject_label")
    )
    if after is not None:
        found = map(_line, events.filter(id__gt=after).order_by("id")[:MOST_EVENTS])
        return [line for line in found if line][:most]
    found = map(_line, events.order_by("-id")[:MOST_EVENTS])
    return [line for line in found if line][:most][::-1]


def _line(event: JobEvent) -> Line | None:
    """None for what the engine notes at every job."""
    state, is_round = event.data.get("state"), event.job.kind == RUN
    if event.message == FIRST_WORDS:
        return None
    if event.level == "info" and state in QUIET:
        return None
    message = event.message if is_round else f"{event.job.subject_label}: {event.message}"
    return Line(event.pk, event.at, event.level, message, event.data.get("post", ""))
