"""What the monitor shows: what is in trouble, all queues in numbers, and the last 24 hours in pictures."""

from dataclasses import dataclass

from django.conf import settings

from config import desk
from config.monitor import hours, pictures
from config.monitor.hours import Hour
from config.monitor.pictures import Picture
from queues import stats
from queues.stats import QueueStats


@dataclass(frozen=True)
class Row:
    """A queue, and its run times hour by hour as paths of a small picture."""

    queue: QueueStats
    runs: tuple[str, str] | None


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
class Monitor:
    troubles: list[desk.Line]
    rows: list[Row]
    day: Day
    words: str


def monitor() -> Monitor:
    queues, days = stats.all_queues(), hours.last_day(settings.QUEUES)
    rows = [Row(queue, pictures.small(days[queue.name])) for queue in queues]
    everything = hours.together(days)
    troubles = desk.queues_in_trouble(queues)
    dead = sum(queue.counts["failed"] for queue in queues)
    words = f"{desk.in_short(troubles)} Dead letters: {dead}."
    return Monitor(troubles, rows, Day(everything, pictures.of_all(everything)), words)


def day_of_queue(name: str) -> Day:
    day = hours.last_day([name])[name]
    return Day(day, pictures.of_queue(day), with_times=True)
