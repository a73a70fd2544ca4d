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
import json
import logging
from collections import defaultdict
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from queues import bell, clock, rescue, statements, turns
from queues.clock import Clock
from queues.ledger import put_back
from queues.models import Attempt, Dispatcher, Job
from queues.room import Room
from queues.states import JobState

IDLE_SECONDS = 1.0
TURN = """SELECT ticked_at, (
    SELECT run_at FROM queues_job WHERE state = 'delayed' ORDER BY run_at LIMIT 1
){} FROM queues_dispatcher"""
# A machine that loses its network between two statements would hold the turn for as long as TCP waits for it: hours.
ON_POSTGRESQL = ", CLOCK_TIMESTAMP(), set_config('idle_in_transaction_session_timeout', %s, true)"
SILENCE_ALLOWED = "10s"
LINE = "WHERE queue = %s AND state = 'waiting' ORDER BY priority, turn, run_at, id LIMIT %s"
WIRE = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"]
logger = logging.getLogger(__name__)
_sent = True  # whether this process could, the last time


def tick() -> float:
    """Dispatch what may start now. Returns the seconds until it is worth looking again without a bell (<= 1)."""
    global _sent
    may_send = _sent or bell.answers()  # each try writes an attempt for every job that cannot be sent
    with transaction.atomic():
        turn = _take_turn()
        if turn is None:
            return IDLE_SECONDS
        now, first_due, rescues = turn
        if first_due and first_due <= now:
            due = Job.objects.filter(state=JobState.DELAYED, run_at__lte=now)
            statements.update_unlocked(due.order_by("run_at"), state=JobState.WAITING)
        room = Room(now)
        turns.age(room.policies, now)
        jobs = _choose(room) if may_send else []
        turns.remember(jobs, room.rows)
        attempts = _mark_dispatched(jobs)
        wait = _seconds_until_next(room, first_due, now)
    _sent = publish(list(zip(jobs, attempts, strict=True))) if jobs else may_send
    if rescues:
        rescue.put_back_lost(now)
    return wait if _sent else IDLE_SECONDS


def _take_turn() -> tuple[datetime.datetime, datetime.datetime | None, bool] | None:
    """Lock the dispatcher's row: now, when the next delayed job is due, and whether to look for lost ones.

    None when another process has it.
    """
    on_postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        sql = TURN.format(ON_POSTGRESQL if on_postgresql else "") + statements.locked()
        cursor.execute(sql, [SILENCE_ALLOWED] if on_postgresql else [])
        row = cursor.fetchone()
    if row is None:  # or the table is new
        Dispatcher.objects.bulk_create([Dispatcher()], ignore_conflicts=True)
        return None
    ticked_at, first_due = map(clock.read, row[:2])
    now = row[2] if on_postgresql else clock.now()
    gap = now - (ticked_at or now)  # less than nothing when the clock was put back since
    if abs(gap) > rescue.LONGEST_GAP:
        rescue.allow_for(gap, now)
    rescues = ticked_at is None or abs(gap) >= datetime.timedelta(seconds=IDLE_SECONDS)
    if rescues:
        Dispatcher.objects.update(ticked_at=now)
    return now, first_due, rescues


def _choose(room: Room) -> list[Job]:
    """The jobs to start: each queue in its own order, and between queues the most urgent, then the oldest first."""
    lines: dict[str, list[Job]] = {}
    for queue in room.queues():
        if count := room.of(queue):
            lines[queue] = statements.select(Job, LINE + statements.locked(), [queue, count])[::-1]
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
    """Put one Celery message per attempt on the wire, all at once, or put all back in line. Whether they were sent.

    A message that got through although Redis reported an error is refused at its claim.
    """
    lists: defaultdict[str, list[str]] = defaultdict(list)
    for job, attempt in dispatched:
        lists[job.queue].append(_message(job, str(attempt.pk)))
    try:
        with bell.client().pipeline(transaction=False) as wire:
            for queue, messages in lists.items():
                wire.lpush(WIRE + queue, *messages)
            wire.execute()
    except Exception as error:  # whatever it is, these jobs must not wait until they are missed
        logger.warning("Broker not reached (%s): %d jobs stay in line", type(error).__name__, len(dispatched))
        for job, _ in dispatched:
            put_back(job, JobState.DISPATCHED, "Not sent: the broker was away")
        return False
    return True


def _message(job: Job, task_id: str) -> str:
    """As Celery's message protocol 2 and kombu's lists in Redis want it: their own way costs ten times as much."""
    headers = {"lang": "py", "task": job.kind, "id": task_id, "root_id": task_id, "parent_id": None, "group": None}
    headers |= {"argsrepr": "()", "kwargsrepr": str(job.args), "ignore_result": True}
    properties = {"correlation_id": task_id, "delivery_tag": task_id, "priority": job.priority - 1}
    properties["delivery_info"] = {"exchange": "", "routing_key": job.queue}
    packed = {"content-type": "application/json", "content-encoding": "utf-8", "body": json.dumps([[], job.args, {}])}
    return json.dumps({"headers": headers, "properties": properties, **packed})


def _seconds_until_next(room: Room, first_due: datetime.datetime | None, now: datetime.datetime) -> float:
    moments = [*room.next_starts(), *filter(None, [first_due])]  # one that was due: look again for the next
    waits = [(moment - now).total_seconds() for moment in moments]
    return min([IDLE_SECONDS, *(max(wait, 0.01) for wait in waits)])
