"""How many jobs of each queue may start right now: the tightest of limits, pause and free worker slots."""

import datetime
from collections import Counter, defaultdict

from django.conf import settings
from django.db import connection

from queues import clock, statements
from queues.models import Attempt, Queue, Worker

WORKER_SILENCE = datetime.timedelta(seconds=15)
UNCLAIMED_PER_WORKER = 32  # messages of one queue on the wire, for each worker that listens to it
SECONDS_TO_CLAIM = 0.02
PACE = 0.05  # seconds in which a limited queue starts one job per worker, or twice what its rate is on average
# Ordered as the index is: for EXISTS, PostgreSQL reads the whole table and hopes for an early hit.
FIRST_IN_LINE = """(SELECT job.id FROM queues_job job WHERE job.queue = name AND job.state = 'waiting'
ORDER BY job.priority, job.turn, job.run_at, job.id LIMIT 1)"""
ATTEMPTS = """SELECT queue, worker,
    COUNT(*) FILTER (WHERE finished_at IS NULL AND started_at IS NULL),
    COUNT(*) FILTER (WHERE finished_at IS NULL AND started_at IS NOT NULL),
    COUNT(*) FILTER (WHERE {recent}),
    COUNT(*) FILTER (WHERE dispatched_at > %s)
FROM queues_attempt WHERE finished_at IS NULL OR {recent} GROUP BY queue, worker"""
ALIVE = "WHERE NOT stopping AND last_seen > {heard}"


def living_workers() -> list[Worker]:
    """Those whose last heartbeat is no older than `WORKER_SILENCE`, by the database's clock."""
    heard = clock.Clock(-WORKER_SILENCE.seconds)
    return statements.select(Worker, ALIVE.format(heard=heard.sql(connection.vendor)))


class Room:
    """A snapshot at `now`, taken with one statement over the attempts; `take` books from it.

    Queues with nothing in line are left out, and nothing is counted when that is all of them.
    """

    def __init__(self, now: datetime.datetime):
        self.now = now
        self.rows = {queue.name: queue for queue in statements.select(Queue, "", first_in_line=FIRST_IN_LINE)}
        queues = {name: self.rows.get(name) or Queue(name=name) for name in settings.QUEUES}
        self.policies = {name: queue.policy for name, queue in queues.items()}
        self._open = [
            name for name, queue in queues.items() if getattr(queue, "first_in_line", True) and not queue.is_paused(now)
        ]
        self._left: dict[str, int] = {}
        if self._open:
            self._count_attempts()
            self._count_slots()
            self._left = {name: self._limit(name) for name in self._open}

    def _count_attempts(self) -> None:
        recent, of_recent = ["1 = 0"], []
        for name in self._open:
            if rate := self.policies[name]["rate"]:
                recent.append("(queue = %s AND started_at > %s)")
                since = self.now - datetime.timedelta(seconds=rate[1])
                of_recent += [name, connection.ops.adapt_datetimefield_value(since)]
        self._on_wire, self._active, self._recent, self._just = Counter(), Counter(), Counter(), Counter()
        self._active_on: Counter[str] = Counter()
        with connection.cursor() as cursor:
            pace = connection.ops.adapt_datetimefield_value(self.now - datetime.timedelta(seconds=PACE))
            cursor.execute(ATTEMPTS.format(recent=" OR ".join(recent)), [*of_recent, pace, *of_recent])
            for queue, worker, on_wire, active, started, just in cursor.fetchall():
                self._on_wire[queue] += on_wire
                self._active[queue] += active
                self._recent[queue] += started
                self._just[queue] += just
                self._active_on[worker] += active

    def _count_slots(self) -> None:
        self._slots: defaultdict[str, int] = defaultdict(int)
        self._unclaimed: Counter[str] = Counter()
        for worker in living_workers():
            for queue in worker.queues:
                self._slots[queue] += max(0, worker.slots - self._active_on[worker.name])
                self._unclaimed[queue] += UNCLAIMED_PER_WORKER
        self._booked = self._on_wire.total()

    def _limit(self, name: str) -> int:
        """What the queue's own rules allow; free slots are looked at when a job is taken.

        A burst goes out in parts: of 100 messages at once the last would wait for the starts of the others, and so
        would what comes a moment later and is more urgent. A limited queue's whole window may come free at once: its
        starts are spread, so that other queues' jobs find a processor, and stay spread in the windows that follow.
        """
        policy, left = self.policies[name], self._unclaimed[name] - self._on_wire[name]
        if policy["concurrency"] is not None:
            left = min(left, policy["concurrency"] - self._on_wire[name] - self._active[name])
        if policy["rate"]:
            most, seconds = policy["rate"]
            pace = max(self._unclaimed[name] // UNCLAIMED_PER_WORKER, 1 + int(2 * PACE * most / seconds))
            left = min(left, most - self._on_wire[name] - self._recent[name], pace - self._just[name])
        return max(0, left)

    def queues(self) -> list[str]:
        """Those that have jobs in line and are not paused."""
        return self._open

    def of(self, name: str) -> int:
        """Jobs of this queue that may still be taken."""
        return max(0, min(self._left[name], self._slots[name] - self._booked))

    def take(self, name: str) -> bool:
        """Book one start; False when there is no room left."""
        if not self.of(name):
            return False
        self._left[name] -= 1
        self._on_wire[name] += 1
        self._just[name] += 1
        self._booked += 1
        return True

    def next_starts(self) -> list[datetime.datetime]:
        """When each queue that used up its rate gets its next start back, or the next part of a burst may go out."""
        moments = []
        for name in self._open:
            rate = self.policies[name]["rate"]
            if self._on_wire[name] >= self._unclaimed[name] > 0:
                moments.append(self.now + datetime.timedelta(seconds=SECONDS_TO_CLAIM))
            if rate and not self._left[name]:
                if self._just[name]:
                    moments.append(self.now + datetime.timedelta(seconds=PACE))
                window = datetime.timedelta(seconds=rate[1])
                starts = Attempt.objects.filter(queue=name, started_at__gt=self.now - window)
                if oldest := starts.order_by("started_at").values_list("started_at", flat=True).first():
                    moments.append(oldest + window)
        return moments
