"""What the page of a queue in the admin shows above its settings: troubles, counts, limits and its last 24 hours."""

from dataclasses import dataclass, replace

from django.urls import reverse

from config import desk
from config.durations import duration
from config.monitor.page import Day, day_of_queue
from queues import stats
from queues.models import Queue
from queues.stats import QueueStats

COUNTED = ("waiting", "active", "failed", "delayed")


@dataclass(frozen=True)
class QueueNow:
    """`policy` is what is in force, `rate_used` the starts of its window that are gone. `words` are the troubles and
    what failed, in short; `is_moving` while jobs run."""

    troubles: list[desk.Line]
    figures: list[desk.Line]
    policy: dict
    rate_used: int
    day: Day
    words: str
    is_moving: bool


def queue_now(name: str, user) -> QueueNow:
    entry = next((entry for entry in stats.all_queues() if entry.name == name), None)
    troubles = _troubles(entry, user) if entry else [_gone(name)]
    words = desk.in_short(troubles)
    if entry:
        words += f" Dead letters: {entry.counts['failed']}."
    return QueueNow(
        troubles=troubles,
        figures=_figures(entry, user) if entry else [],
        policy=Queue.objects.policy_of(name),
        rate_used=entry.rate_used if entry else 0,
        day=day_of_queue(name),
        words=words,
        is_moving=bool(entry and entry.counts["active"]),
    )


def _troubles(entry: QueueStats, user) -> list[desk.Line]:
    """A pause leads to its field below, for who may change it."""
    lines, own = desk.queues_in_trouble([entry]), f"queue-{entry.name}"
    if not user.has_perm("queues.change_queue"):
        return lines
    return [replace(line, path="#id_paused") if line.name == own else line for line in lines]


def _gone(name: str) -> desk.Line:
    words = f"The settings name no queue {name} any more: what waits there does not start."
    return desk.Line(words, f"{reverse('admin:queues_job_changelist')}?queue={name}", name="gone")


def _figures(entry: QueueStats, user) -> list[desk.Line]:
    """Counts lead to their jobs, for who may see these."""
    jobs = f"{reverse('admin:queues_job_changelist')}?queue={entry.name}" if user.has_perm("queues.view_job") else ""

    def listed(words: str, number: int | str, state: str) -> desk.Line:
        return desk.Line(words, jobs and f"{jobs}&state__exact={state}", str(number))

    lines = [listed(state.title(), entry.counts[state], state) for state in COUNTED]
    lines.append(listed("Oldest waits", duration(entry.oldest_waiting), "waiting"))
    return [*lines, listed("Completed in 60 minutes", entry.throughput, "completed")]
