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
from collections import defaultdict
from uuid import UUID

from celery import current_app
from django.db import connection, transaction

from queues import bell, clock, rescue, statements, turns
from queues.clock import Clock
from queues.ledger import put_back
from queues.models import Attempt, Dispatcher, Job
from queues.room import Room
from queues.states import JobState

IDLE_SECONDS = 1.0
TURN = """SELECT dispatcher.*, (
    SELECT run_at FROM queues_job WHERE state = 'delayed' ORDER BY run_at LIMIT 1
) AS first_due FROM queues_dispatcher dispatcher"""
LINE = """SELECT id, kind, queue, args, priority, turn, run_at, attempts_started, parent_id, subject_type, subject_id
FROM queues_job WHERE queue = %s AND state = 'waiting' ORDER BY priority, turn, run_at, id LIMIT %s"""
SILENCE_ALLOWED = "10s"  # of a dispatcher between two statements
logger = logging.getLogger(__name__)
_sent = True  # whether this process could, the last time


def tick() -> float:
    """Dispatch what may start now. Returns the seconds until it is worth looking again without a bell (<= 1)."""
    global _sent
    may_send = _sent or bell.answers()  # each try writes an attempt for every job that cannot be sent
    with transaction.atomic():
        now = clock.now()
        turn = _take_turn(now)
        if turn is None:
            return IDLE_SECONDS
        if turn.first_due and turn.first_due <= now:
            due = Job.objects.filter(state=JobState.DELAYED, run_at__lte=now)
            statements.update_unlocked(due.order_by("run_at"), state=JobState.WAITING)
        room = Room(now)
        turns.age(room.policies, now)
        jobs = _choose(room) if may_send else []
        turns.remember(jobs, room.rows)
        attempts = _mark_dispatched(jobs)
        wait = _seconds_until_next(room, turn.first_due, now)
    _sent = publish(list(zip(jobs, attempts, strict=True))) if jobs else may_send
    if turn.rescues:
        rescue.put_back_lost(now)
    return wait if _sent else IDLE_SECONDS


def _take_turn(now: datetime.datetime) -> Dispatcher | None:
    """The dispatcher's row, locked, and with it the moment `first_due` of the next delayed job."""
    turn = next(iter(Dispatcher.objects.raw(TURN + statements.locked())), None)
    if turn is None:  # another process has it, or the table is new
        Dispatcher.objects.bulk_create([Dispatcher()], ignore_conflicts=True)
        return None
    turn.first_due = clock.read(turn.first_due)
    _let_go_if_we_vanish()
    # A moment that is still to come is one of a clock that was put back since.
    turn.rescues = turn.ticked_at is None or abs(now - turn.ticked_at) >= datetime.timedelta(seconds=IDLE_SECONDS)
    if turn.rescues:
        Dispatcher.objects.update(ticked_at=now)
    return turn


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
            lines[queue] = list(reversed(Job.objects.raw(LINE + statements.locked(), [queue, count])))
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
    ids: defaultdict[int, list[UUID]] = defaultdict(list)
    for job in jobs:
        job.attempts_started += 1
        ids[job.attempts_started].append(job.pk)
    for number, same in ids.items():
        changes = {"state": JobState.DISPATCHED, "attempts_started": number, "dispatched_at": Clock()}
        statements.run(statements.update(Job, {"id": tuple(same)}, **changes))
    attempts = [Attempt(job=job, queue=job.queue, number=job.attempts_started) for job in jobs]
    own = {name: [getattr(attempt, name) for attempt in attempts] for name in ("id", "job_id", "queue", "number")}
    statements.insert_alike(Attempt, {"worker": "", "outcome": "", "error": ""}, **own)
    return attempts


def publish(dispatched: list[tuple[Job, Attempt]]) -> bool:
    """Put one Celery message per attempt on the wire; what cannot be sent goes back in line. Whether all could.

    A message that got through although the broker reported an error is refused at its claim.
    """
    unsent = list(dispatched)
    try:
        with current_app.producer_pool.acquire(block=True, timeout=2) as producer:
            while unsent:
                job, attempt = unsent[0]
                current_app.send_task(  # by its name: a worker may know kinds that this process does not
                    job.kind,
                    kwargs=job.args,
                    task_id=str(attempt.pk),
                    queue=job.queue,
                    priority=job.priority - 1,
                    producer=producer,
                    retry=False,
                    ignore_result=True,
                )
                unsent.pop(0)
    except Exception as error:  # any broker failure, of any transport
        logger.warning("Broker not reached (%s): %d jobs stay in line", type(error).__name__, len(unsent))
        for job, _ in unsent:
            put_back(job, JobState.DISPATCHED, "Not sent: the broker was away")
    return not unsent


def _seconds_until_next(room: Room, first_due: datetime.datetime | None, now: datetime.datetime) -> float:
    moments = [*room.next_starts(), *filter(None, [first_due])]  # one that was due: look again for the next
    waits = [(moment - now).total_seconds() for moment in moments]
    return min([IDLE_SECONDS, *(max(wait, 0.01) for wait in waits)])
