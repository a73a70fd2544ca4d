"""Releases waiting jobs to Celery just in time: the most urgent that may start, and never more.

One process at a time dispatches (the lock on the Dispatcher row), for all queues together, so that the urgent
job of one queue also goes before the lesser job of another when worker slots are short.

Why a rate limit of `max` starts per W seconds is exact: take any window (t-W, t] and, among the starts in it, the job
dispatched last, at d <= t. At d every other of those jobs had been dispatched and was either claimed after t-W >= d-W
or not yet claimed. Both kinds are counted, in ONE statement (one snapshot; with two, a claim that commits between
them is missed). So together they were at most max - 1 when this one was released.
"""

import datetime
import heapq
import logging

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Min

from queues import clock, kinds, rescue, turns
from queues.clock import Clock
from queues.ledger import put_back
from queues.models import Attempt, Dispatcher, Job
from queues.room import Room
from queues.states import JobState

IDLE_SECONDS = 1.0
SILENCE_ALLOWED = "10s"  # of a dispatcher between two statements
logger = logging.getLogger(__name__)


def tick() -> float:
    """Dispatch what may start now. Returns the seconds until it is worth looking again without a bell (<= 1)."""
    with transaction.atomic():
        now = clock.now()
        if not _take_turn(now):
            return IDLE_SECONDS
        Job.objects.filter(state=JobState.DELAYED, run_at__lte=now).update(state=JobState.WAITING)
        room = Room(now)
        turns.age(room.policies, now)
        jobs = _choose(room)
        turns.remember(jobs)
        attempts = _mark_dispatched(jobs)
        wait = _seconds_until_next(room, now)
    publish(list(zip(jobs, attempts, strict=True)))
    return wait


def _take_turn(now: datetime.datetime) -> bool:
    turn = Dispatcher.objects.select_for_update(skip_locked=True).first()
    if turn is None:  # another process has it, or the table is new
        Dispatcher.objects.bulk_create([Dispatcher()], ignore_conflicts=True)
        return False
    _let_go_if_we_vanish()
    if turn.ticked_at is None or now - turn.ticked_at >= datetime.timedelta(seconds=IDLE_SECONDS):
        Dispatcher.objects.update(ticked_at=now)
        rescue.put_back_lost(now)
    return True


def _let_go_if_we_vanish() -> None:
    """A machine that loses its network now would hold the turn for as long as TCP waits for it: hours."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', %s, true)", [SILENCE_ALLOWED])


def _choose(room: Room) -> list[Job]:
    """The jobs to start: each queue in its own order, and between queues the most urgent, then the oldest first."""
    lines: dict[str, list[Job]] = {}
    for queue in room.queues():
        if count := room.of(queue):
            in_line = Job.objects.filter(queue=queue, state=JobState.WAITING)
            in_line = in_line.order_by("priority", "turn", "run_at", "id").select_for_update(skip_locked=True)
            lines[queue] = list(reversed(in_line[:count]))
    heads = [(line[-1].priority, line[-1].run_at, queue) for queue, line in lines.items() if line]
    heapq.heapify(heads)
    chosen = []
    while heads:
        _, _, queue = heapq.heappop(heads)
        line = lines[queue]
        if not room.take(queue):
            continue
        chosen.append(line.pop())
        if line:
            heapq.heappush(heads, (line[-1].priority, line[-1].run_at, queue))
    return chosen


def _mark_dispatched(jobs: list[Job]) -> list[Attempt]:
    if not jobs:
        return []
    Job.objects.filter(pk__in=[job.pk for job in jobs]).update(
        state=JobState.DISPATCHED, attempts_started=F("attempts_started") + 1, dispatched_at=Clock()
    )
    for job in jobs:
        job.attempts_started += 1
    attempts = [Attempt(job=job, queue=job.queue, number=job.attempts_started) for job in jobs]
    return Attempt.objects.bulk_create(attempts)


def publish(dispatched: list[tuple[Job, Attempt]]) -> None:
    """Put one Celery message per attempt on the wire; what cannot be sent goes back in line.

    A message that got through although the broker reported an error is refused at its claim.
    """
    if not dispatched:
        return
    unsent = list(dispatched)
    try:
        with current_app.producer_pool.acquire(block=True, timeout=2) as producer:
            while unsent:
                job, attempt = unsent[0]
                kinds.find(job.kind).apply_async(
                    kwargs=job.args,
                    task_id=str(attempt.pk),
                    queue=job.queue,
                    priority=job.priority - 1,
                    producer=producer,
                    retry=False,
                )
                unsent.pop(0)
    except Exception as error:  # any broker failure, of any transport
        logger.warning("Broker not reached (%s): %d jobs stay in line", type(error).__name__, len(unsent))
        for job, _ in unsent:
            put_back(job, JobState.DISPATCHED, "Not sent: the broker was away")


def _seconds_until_next(room: Room, now: datetime.datetime) -> float:
    moments = room.next_starts()
    if first_due := Job.objects.filter(state=JobState.DELAYED).aggregate(at=Min("run_at"))["at"]:
        moments.append(first_due)
    waits = [(moment - now).total_seconds() for moment in moments]
    return min([IDLE_SECONDS, *(max(wait, 0.001) for wait in waits)])
