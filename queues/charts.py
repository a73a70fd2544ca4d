"""What was done per hour, as bars for a picture that the server draws: no script, no style that CSP would refuse."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum

from queues import clock
from queues.hours import HOUR, beginning_of_hour
from queues.models import QueueHour

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
    """The hours that are over, the oldest first; `cost` in US dollars, None when nobody keeps it."""

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
    """The last 24 hours of one queue, or of all together."""
    first = beginning_of_hour(clock.now()) - HOURS * HOUR
    rows = QueueHour.objects.filter(hour__gte=first, **({"queue": queue} if queue else {}))
    sums = {row.pop("hour"): row for row in rows.values("hour").annotate(*map(Sum, ("completed", "failed", "cost")))}
    highest = max((row["completed__sum"] + row["failed__sum"] for row in sums.values()), default=0)
    bars = []
    for place in range(HOURS):
        row = sums.get(first + place * HOUR, {})
        completed, failed = row.get("completed__sum", 0), row.get("failed__sum", 0)
        done = length(completed, highest, HEIGHT)
        lost = length(completed + failed, highest, HEIGHT) - done
        bars.append(Bar(first + place * HOUR, completed, failed, place * WIDTH, done, lost))
    costs = [row["cost__sum"] for row in sums.values() if row["cost__sum"] is not None]
    completed, failed = (sum(getattr(bar, name) for bar in bars) for name in ("completed", "failed"))
    return Chart(bars, completed, failed, highest, sum(costs) if costs else None)
