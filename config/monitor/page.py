"""What the monitor shows: what is in trouble, all queues in numbers, what runs, and the last 24 hours in pictures."""

import datetime
from dataclasses import dataclass

from django.conf import settings

from config import desk
from config.monitor import hours, pictures
from config.monitor.hours import Hour
from config.monitor.pictures import Picture
from queues import clock, dead_letters, stats
from queues.dead_letters import Group
from queues.models import Job
from queues.states import JobState
from queues.stats import QueueStats

MOST_LISTED = 10
RECENT = datetime.timedelta(hours=24)


@dataclass(frozen=True)
class Row:
    """A queue, its run times hour by hour as paths of a small picture, and the newest hour that has any."""

    queue: QueueStats
    runs: tuple[str, str] | None
    newest: Hour | None


@dataclass(frozen=True)
class Day:
    """Hours, the oldest first, and their pictures. `with_times` when these hours have times."""

    hours: list[Hour]
    pictures: list[Picture]
    with_times: bool = False

    @property
    def is_empty(self) -> bool:
        return not any(picture.bars for picture in self.pictures)


@dataclass(frozen=True)
class Work:
    """Jobs that run, the longest first, each with its seconds; and the causes of what failed for good, newest first."""

    running: list[tuple[Job, float]]
    failed: list[Group]


@dataclass(frozen=True)
class Monitor:
    """`words` are what is in trouble, in short; `work` is None for who may not see jobs. `is_moving` while jobs run."""

    troubles: list[desk.Line]
    rows: list[Row]
    work: Work | None
    day: Day
    words: str
    is_moving: bool


def monitor(user) -> Monitor:
    queues, days = stats.all_queues(), hours.last_day(settings.QUEUES)
    rows = [_row(queue, days[queue.name]) for queue in queues]
    everything = hours.together(days)
    troubles = desk.queues_in_trouble(queues)
    dead = sum(queue.counts["failed"] for queue in queues)
    words = f"{desk.in_short(troubles)} Dead letters: {dead}."
    work = work_now() if user.has_perm("queues.view_job") else None
    day = Day(everything, pictures.of_all(everything))
    return Monitor(troubles, rows, work, day, words, any(queue.counts["active"] for queue in queues))


def _row(queue: QueueStats, day: list[Hour]) -> Row:
    newest = next((hour for hour in reversed(day) if hour.run_p50 is not None), None)
    return Row(queue, pictures.small(day), newest)


def work_now() -> Work:
    now = clock.now()
    running = Job.objects.filter(state=JobState.ACTIVE).order_by("started_at")[:MOST_LISTED]
    failed = dead_letters.groups(Job.objects.filter(finished_at__gt=now - RECENT))
    return Work(
        [(job, max(0.0, (now - job.started_at).total_seconds())) for job in running if job.started_at],
        sorted(failed, key=lambda group: group.last, reverse=True)[:MOST_LISTED],
    )


def day_of_queue(name: str) -> Day:
    day = hours.last_day([name])[name]
    return Day(day, pictures.of_queue(day), with_times=True)
