"""Hourly roll-ups: what each queue did, kept for charts after the jobs themselves are gone."""

import datetime
import math

from django.conf import settings
from django.db.models import Count, Max, Min

from queues import clock, spending
from queues.models import Attempt, Job, QueueHour
from queues.states import FINAL, JobState

HOUR = datetime.timedelta(hours=1)
SETTLED = datetime.timedelta(minutes=5)  # by then, what ended in an hour has been committed


def roll_up() -> datetime.datetime:
    """Write one row per queue for every hour that is over and has none yet. Returns the end of the last such hour.

    A row that exists is never counted again: the jobs that it counted may have been pruned.
    """
    end = beginning_of_hour(clock.now() - SETTLED)
    hour = _first_missing_hour() or end
    while hour < end:
        QueueHour.objects.bulk_create([_counted(queue, hour) for queue in settings.QUEUES], ignore_conflicts=True)
        hour += HOUR
    return end


def beginning_of_hour(moment: datetime.datetime) -> datetime.datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _first_missing_hour() -> datetime.datetime | None:
    """The hour after the last row, else that of the first attempt ever; None when nothing ever started."""
    if last := QueueHour.objects.aggregate(hour=Max("hour"))["hour"]:
        return last + HOUR
    first = Attempt.objects.aggregate(at=Min("started_at"))["at"]
    return first and beginning_of_hour(first)


def _counted(queue: str, hour: datetime.datetime) -> QueueHour:
    ended = Job.objects.filter(queue=queue, finished_at__gte=hour, finished_at__lt=hour + HOUR)
    counts = dict(ended.order_by().values_list("state").annotate(count=Count("pk")))
    # A parent's time is that of its children, who are counted themselves.
    alone = ended.filter(state=JobState.COMPLETED, handed_over=False)
    times = list(alone.values_list("run_at", "started_at", "finished_at"))
    waits = sorted(max(0.0, (started - due).total_seconds()) for due, started, _ in times)
    runs = sorted((finished - started).total_seconds() for _, started, finished in times)
    return QueueHour(
        queue=queue,
        hour=hour,
        started=Attempt.objects.filter(queue=queue, started_at__gte=hour, started_at__lt=hour + HOUR).count(),
        **{state.value: counts.get(state, 0) for state in FINAL},
        wait_p50=percentile(waits, 0.5),
        wait_p95=percentile(waits, 0.95),
        run_p50=percentile(runs, 0.5),
        run_p95=percentile(runs, 0.95),
        cost=spending.spent(ended.values_list("pk", flat=True)),
    )


def percentile(ordered: list[float], share: float) -> float | None:
    """The smallest value that at least `share` of all do not exceed (nearest rank)."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None
