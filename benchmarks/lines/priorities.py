"""Line e: the most urgent first, and a newcomer that waits for no backlog."""

import random
import time
from collections.abc import Iterable

from django.db import transaction

from benchmarks.figures import Findings, Promise
from benchmarks.servers import Servers
from benchmarks.sides.bullmq import BullMQ
from benchmarks.sides.copydesk import Copydesk
from queues.models import Attempt
from queues.services import enqueue, enqueue_many

SLOTS, RUN = 4, 0.1  # seconds that each job holds its slot
MIXED, BACKLOG, NEWCOMERS, PAUSE = 500, 10_000, 20, 0.33
LEAST, MOST = 10, 1  # priorities
Started = list[tuple[int, float, float]]  # priority, asked, started (milliseconds); in order of the starts


def measure(servers: Servers, *, quick: bool) -> Findings:
    findings = Findings()
    dice = random.Random(5)  # the same order for both sides
    mixed = [dice.randint(MOST, LEAST) for _ in range(MIXED // 5 if quick else MIXED)]
    backlog = [LEAST] * (BACKLOG // 10 if quick else BACKLOG)
    for side in (Urgent(servers), UrgentPeer(servers)):
        side.start(slots=SLOTS)
        try:
            broken, waits = inversions(_mixed(side, mixed)), _newcomers(side, backlog)
        finally:
            side.stop()
        findings.add(side.name, f"inversions among {len(mixed)} jobs", [broken])
        findings.add(side.name, f"newcomer behind {len(backlog)}: ms until it starts", waits)
        if side.name == "Copydesk":
            findings.promises += [
                Promise("e", "inversions", broken, 0, at_most=True),
                Promise("e", "newcomer: ms until it starts", max(waits), RUN * 1000, at_most=True),
            ]
    return findings


def _mixed(side, priorities: list[int]) -> Started:
    side.ask_for(priorities)
    side.go()
    while len(started := side.started()) < len(priorities):
        time.sleep(0.2)
    return started


def _newcomers(side, backlog: list[int]) -> list[float]:
    """Milliseconds that each urgent job waited behind a backlog of the least urgent ones."""
    side.forget()
    side.ask_for(backlog)
    side.go()
    for _ in range(NEWCOMERS):
        time.sleep(PAUSE)
        side.one_more(MOST)
    time.sleep(5 * RUN)
    return [started - asked for priority, asked, started in side.started() if priority == MOST]


def in_order(started: Iterable[tuple[int, float, float]]) -> Started:
    """By start; BullMQ's clock has whole milliseconds, and starts in the same one have no order."""
    return sorted(started, key=lambda job: (int(job[2]), job[0]))


def inversions(started: Started) -> int:
    """Pairs of jobs where the less urgent one started first."""
    order = [priority for priority, _, _ in started]
    return sum(later < earlier for place, earlier in enumerate(order) for later in order[place + 1 :])


class Urgent(Copydesk):
    def __init__(self, servers: Servers) -> None:
        super().__init__(servers, kind="bench.nothing", queue="bench-free")

    def ask_for(self, priorities: list[int]) -> None:
        self.hold()
        with transaction.atomic():
            for priority in priorities[:MIXED]:
                self.one_more(priority)
            enqueue_many(self.kind, [{"seconds": RUN}] * len(priorities[MIXED:]), priority=priorities[-1])

    def one_more(self, priority: int) -> None:
        enqueue(self.kind, args={"seconds": RUN}, priority=priority)

    def started(self) -> Started:
        """What one look of the dispatcher released together has no order: the threads race for a millisecond."""
        attempts = Attempt.objects.filter(started_at__isnull=False).order_by("dispatched_at", "job__priority")
        rows = attempts.values_list("job__priority", "job__created_at", "started_at")
        return [(priority, asked.timestamp() * 1000, started.timestamp() * 1000) for priority, asked, started in rows]


class UrgentPeer(BullMQ):
    def ask_for(self, priorities: list[int]) -> None:
        self.ask("pause")
        jobs = [[{"seconds": RUN}, {"priority": priority}] for priority in priorities]
        for first in range(0, len(jobs), 1000):
            self.ask("add", jobs=jobs[first : first + 1000])

    def one_more(self, priority: int) -> None:
        self.ask("add", jobs=[[{"seconds": RUN}, {"priority": priority}]])

    def started(self) -> Started:
        return in_order(job[1:] for job in self.ask("finished")["answer"])
