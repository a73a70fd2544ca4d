"""What was done per hour, as bars for a picture that the server draws: no script, no style that CSP would refuse."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Sum

from queues import clock
from queues.hours import HOUR, beginning_of_hour
from queues.models import Job, QueueHour
from queues.states import JobState

HOURS = 24
WIDTH, HEIGHT = 28, 120  # of one bar and of the tallest, in the picture's own units


@dataclass(frozen=True)
class Bar:
    """One hour; `done` and `lost` are heights, `lost` stands on `done`."""

    hour: datetime.datetime
    completed: int
    failed: int
    x: int
    done: int
    lost: int


@dataclass(frozen=True)
class Chart:
    """Hours, the oldest first; `cost` of those that are over in US dollars, None when nobody keeps it."""

    bars: list[Bar]
    completed: int
    failed: int
    highest: int
    cost: Decimal | None
    width: int = HOURS * WIDTH
    height: int = HEIGHT


def length(value: float, highest: float, longest: int) -> int:
    """How long a bar for `value` is, when `highest` is as long as the picture allows."""
    return round(value * longest / highest) if highest else 0


def last_day(queue: str = "") -> Chart:
    """The hour that runs and the 23 before it, of one queue or of all together."""
    running, queues = beginning_of_hour(clock.now()), [queue] if queue else list(settings.QUEUES)
    first = running - (HOURS - 1) * HOUR
    rows = QueueHour.objects.filter(hour__gte=first, queue__in=queues)
    sums = {row.pop("hour"): row for row in rows.values("hour").annotate(*map(Sum, ("completed", "failed", "cost")))}
    costs = [row["cost__sum"] for row in sums.values() if row["cost__sum"] is not None]
    states = (JobState.COMPLETED, JobState.FAILED)
    ended = Job.objects.filter(queue__in=queues, state__in=states, finished_at__gte=running).order_by()
    counts = dict(ended.values_list("state").annotate(Count("pk")))
    sums[running] = {f"{state}__sum": counts.get(state, 0) for state in states}
    highest = max(row["completed__sum"] + row["failed__sum"] for row in sums.values())
    bars = []
    for place in range(HOURS):
        row = sums.get(first + place * HOUR, {})
        completed, failed = row.get("completed__sum", 0), row.get("failed__sum", 0)
        done = length(completed, highest, HEIGHT)
        lost = length(completed + failed, highest, HEIGHT) - done
        bars.append(Bar(first + place * HOUR, completed, failed, place * WIDTH, done, lost))
    cost = sum(costs) if costs else None
    return Chart(bars, sum(bar.completed for bar in bars), sum(bar.failed for bar in bars), highest, cost)
