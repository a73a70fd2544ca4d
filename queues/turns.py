"""Owners take turns inside a priority, and long waiting makes a job more urgent.

Start-time fair queueing (Goyal, Vin and Cheng, 1996) with a cost of one per job: a new job's turn is the larger of the
turn now being served and its owner's last turn + 1. So one owner's thousand jobs and another's single one are served
alternately, and the order is still one index scan.
"""

import datetime
from collections.abc import Mapping

from django.db.models import DateTimeField, ExpressionWrapper, F, Value

from queues import clock, statements
from queues.models import Job, Queue
from queues.states import JobState

# Ordered by all that the index has: PostgreSQL takes IS NULL for no equality, and would sort the house's whole line.
QUEUE_AND_LAST_TURN = """SELECT queue.*, (
    SELECT job.turn FROM queues_job job
    WHERE job.queue = queue.name AND job.owner_id {owner} AND job.priority = %s AND job.state IN ('waiting', 'delayed')
    ORDER BY job.queue DESC, job.owner_id DESC, job.priority DESC, job.turn DESC LIMIT 1
) AS last FROM queues_queue queue WHERE queue.name = %s"""


def place(*jobs: Job) -> None:
    """Give new jobs of one owner, queue and priority their turns, and the moment when waiting makes them urgent."""
    first = jobs[0]
    owner = [] if first.owner_id is None else [first.owner_id]
    line = QUEUE_AND_LAST_TURN.format(owner="= %s" if owner else "IS NULL")
    queue = next(iter(Queue.objects.raw(line, [*owner, first.priority, first.queue])), None)
    queue = queue or Queue.objects.get_or_create(name=first.queue)[0]
    last = getattr(queue, "last", None)
    start = max(queue.turns.get(str(first.priority), 0), 0 if last is None else last + 1)
    ageing = datetime.timedelta(seconds=queue.policy["ageing"])
    for turn, job in enumerate(jobs, start):
        job.turn = turn
        if ageing:
            job.ages_at = (clock.now() if job.state == JobState.WAITING else job.run_at) + ageing


def remember(dispatched: list[Job], queues: Mapping[str, Queue]) -> None:
    """Note which turn is being served, per queue and priority. Runs under the dispatcher's lock."""
    for name in {job.queue for job in dispatched}:
        queue = queues.get(name) or Queue.objects.get_or_create(name=name)[0]
        turns = dict(queue.turns)
        for job in dispatched:
            if job.queue == name:
                turns[str(job.priority)] = max(turns.get(str(job.priority), 0), job.turn)
        if turns != queue.turns:
            statements.run(statements.update(Queue, {"name": name}, turns=turns))


def age(policies: Mapping[str, dict], now: datetime.datetime) -> None:
    """Improve the priority of jobs whose time has come, in the queues that age; at most a thousand per queue."""
    for name, policy in policies.items():
        if not policy["ageing"]:
            continue
        due = Job.objects.filter(queue=name, state=JobState.WAITING, ages_at__lte=now, priority__gt=1)
        step = Value(datetime.timedelta(seconds=policy["ageing"]))
        statements.update_unlocked(
            due,
            priority=F("priority") - 1,
            turn=0,  # turns of another priority mean nothing here; who waited long goes first
            ages_at=ExpressionWrapper(F("ages_at") + step, output_field=DateTimeField()),
        )
