"""Line f: what a look of the dispatcher and a new job cost, whatever the backlog."""

import time
from statistics import median

from django.db import connection, transaction

from benchmarks.figures import Findings, Promise
from benchmarks.servers import Servers
from benchmarks.sides.copydesk import Copydesk
from queues import bell, clock, dispatch
from queues.models import Job, Worker
from queues.services import enqueue

SIZES = (1_000, 100_000, 1_000_000)
SLOTS, LOOKS, ASKS = 10, 60, 60
OWNERS = 100  # each turn has a job of each of them
# Like the one job that is there, but of all priorities and many turns.
FILL = """
INSERT INTO queues_job (id, priority, turn, {columns})
SELECT gen_random_uuid(), 1 + n %% 10, n / %s, {columns} FROM queues_job, generate_series(2, %s) AS n
"""


def measure(servers: Servers, *, quick: bool) -> Findings:
    findings, ticks, asks = Findings(), {}, {}
    for size in SIZES[:2] if quick else SIZES:
        _fill(servers, size)
        ticks[size], asks[size] = _ticks(), _asks()
        findings.add("Copydesk", f"{size} waiting: ms per look that starts {SLOTS} jobs", ticks[size])
        findings.add("Copydesk", f"{size} waiting: ms per enqueue", asks[size])
    least, most = min(ticks), max(ticks)
    for what, times in (("a look", ticks), ("an enqueue", asks)):
        ratio = median(times[most]) / median(times[least])
        findings.promises.append(Promise("f", f"{what} at {most} over {least} waiting", ratio, 1.2, at_most=True))
    Copydesk(servers).forget()
    return findings


def _fill(servers: Servers, size: int) -> None:
    Copydesk(servers).forget()
    enqueue("bench.nothing", args={"seconds": 0})
    columns = [field.column for field in Job._meta.concrete_fields if field.name not in ("id", "priority", "turn")]
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(columns=", ".join(columns)), [OWNERS, size])
        cursor.execute("VACUUM ANALYZE")


def _ticks() -> list[float]:
    """Looks of a dispatcher in this process, for a worker that only the ledger knows; what it starts ends at once."""
    worker = Worker.objects.create(name="nobody", pid=1, slots=SLOTS, queues=["bench-free"], last_seen=clock.now())
    times = []
    for _ in range(LOOKS):
        begun = time.perf_counter()
        dispatch.tick()
        times.append((time.perf_counter() - begun) * 1000)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE queues_attempt SET finished_at = now() WHERE finished_at IS NULL")
            cursor.execute("UPDATE queues_job SET state = 'completed' WHERE state = 'dispatched'")
            cursor.execute("UPDATE queues_worker SET last_seen = now()")
    worker.delete()
    bell.client().delete("copydesk:bench-free")
    return times[5:]


def _asks() -> list[float]:
    times = []
    for _ in range(ASKS):
        begun = time.perf_counter()
        with transaction.atomic():
            enqueue("bench.nothing", args={"seconds": 0})
        times.append((time.perf_counter() - begun) * 1000)
    return times[5:]
