"""What queues did in each of the last 24 hours: from the roll-ups, and from the ledger what none has counted yet."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from aiproviders.selectors import spend_by_job
from queues import clock
from queues.hours import HOUR, beginning_of_hour, percentile
from queues.models import Job, QueueHour
from queues.states import FINAL, JobState

HOURS = 24
MOST_READ = 1000  # jobs that no roll-up has counted yet, the newest: somebody waits for the page, and asks again soon
COLUMNS = ("completed", "failed", "run_p50", "run_p95", "wait_p50", "wait_p95", "cost")


@dataclass
class Hour:
    """Times in seconds, of the jobs completed; None where there were none. Cost in US dollars, None when not known."""

    hour: datetime.datetime
    completed: int = 0
    failed: int = 0
    run_p50: float | None = None
    run_p95: float | None = None
    wait_p50: float | None = None
    wait_p95: float | None = None
    cost: Decimal | None = None


def last_day(queues: Iterable[str]) -> dict[str, list[Hour]]:
    """By queue the hour that runs and the 23 before it, the oldest first; four queries at most."""
    running = beginning_of_hour(clock.now())
    first = running - (HOURS - 1) * HOUR
    nothing = Decimal(0) if settings.JOB_COST else None
    days = {queue: [Hour(first + place * HOUR, cost=nothing) for place in range(HOURS)] for queue in queues}
    since = first
    for row in QueueHour.objects.filter(hour__gte=first, hour__lt=running, queue__in=days):
        for name in COLUMNS:
            setattr(days[row.queue][(row.hour - first) // HOUR], name, getattr(row, name))
        since = max(since, row.hour + HOUR)
    ended = Job.objects.filter(
        queue__in=days, state__in=FINAL, finished_at__gte=since, finished_at__lt=running + HOUR
    ).order_by()
    uncounted = {(queue, hour.hour): hour for queue, day in days.items() for hour in day if hour.hour >= since}
    _count(uncounted, ended)
    _measure(uncounted, ended)
    return days


def together(days: dict[str, list[Hour]]) -> list[Hour]:
    """The sums over all queues; of medians there is none."""
    sums = []
    for hours in zip(*days.values(), strict=True):
        costs = [hour.cost for hour in hours if hour.cost is not None]
        completed, failed = sum(hour.completed for hour in hours), sum(hour.failed for hour in hours)
        sums.append(Hour(hours[0].hour, completed, failed, cost=sum(costs) if costs else None))
    return sums


def _count(uncounted: dict[tuple, Hour], ended: QuerySet[Job]) -> None:
    hours = sorted({hour for _, hour in uncounted})
    sums = {
        f"in_{place}": Count("finished_at", filter=Q(finished_at__gte=hour, finished_at__lt=hour + HOUR))
        for place, hour in enumerate(hours)
    }
    for queue, state, *counts in ended.exclude(state=JobState.CANCELLED).values_list("queue", "state").annotate(**sums):
        for hour, count in zip(hours, counts, strict=True):
            setattr(uncounted[queue, hour], state, count)


def _measure(uncounted: dict[tuple, Hour], ended: QuerySet[Job]) -> None:
    """Times and cost, of the newest jobs. The cost only if these are all: a part of it would mislead."""
    columns = ("pk", "queue", "state", "handed_over", "run_at", "started_at", "finished_at")
    newest = list(ended.order_by("-finished_at").values_list(*columns)[:MOST_READ])
    costs = spend_by_job([row[0] for row in newest]) if newest and settings.JOB_COST else {}
    runs, waits, spent = defaultdict(list), defaultdict(list), defaultdict(Decimal)
    for pk, queue, state, handed_over, due, started, finished in newest:
        place = queue, beginning_of_hour(finished)
        spent[place] += costs[pk].cost if pk in costs else 0
        # A parent's time is that of its children, who are counted themselves.
        if state == JobState.COMPLETED and started and not handed_over:
            runs[place].append((finished - started).total_seconds())
            waits[place].append(max(0.0, (started - due).total_seconds()))
    for place, hour in uncounted.items():
        hour.run_p50, hour.run_p95 = (percentile(sorted(runs[place]), share) for share in (0.5, 0.95))
        hour.wait_p50, hour.wait_p95 = (percentile(sorted(waits[place]), share) for share in (0.5, 0.95))
        if settings.JOB_COST:
            hour.cost = spent[place] if len(newest) < MOST_READ else None
