"""Line d: a rate limit with three workers, saturated and attacked at the edge of its window."""

import time

from benchmarks import drafts, windows
from benchmarks.figures import Findings, Promise, percentile
from benchmarks.servers import Servers
from benchmarks.sides.bullmq import BullMQ
from benchmarks.sides.copydesk import Copydesk
from queues.models import Attempt
from queues.services import enqueue

WINDOW, WORKERS, SLOTS = 6.0, 3, 50
TOLERANCE = 0.1  # seconds: what may lie between a start and its request, as the provider sees it
BURSTS = 4  # jobs = 4 x limit: the first burst and three full windows
OTHERS_EVERY = 0.25  # seconds between the jobs of another queue
PATIENCE = 120.0


def measure(servers: Servers, *, quick: bool) -> Findings:
    findings = Findings()
    for limit in (100,) if quick else (100, 10):
        ours = Copydesk(servers, kind=f"bench.write_{limit}", queue=f"bench-{limit}")
        peer = BullMQ(servers, f"peer-{limit}")
        ours.start(slots=SLOTS, processes=WORKERS)
        peer.start(slots=SLOTS, processes=WORKERS, limit=f"{limit}/{WINDOW * 1000:.0f}")
        for side in (ours, peer):
            try:
                _warm_up(side)
                _saturated(findings, servers, side, limit)
                time.sleep(WINDOW)
                _attacked(findings, servers, side, limit)
            finally:
                side.stop()
    return findings


def _warm_up(side) -> None:
    """The first call of a process imports the SDK; wait until nothing of it is left in a window."""
    side.load(drafts.make(2 * WORKERS, "fixed-200"))
    side.go()
    while drafts.done()[0] < 2 * WORKERS:
        time.sleep(0.1)
    time.sleep(WINDOW)


def _saturated(findings: Findings, servers: Servers, side, limit: int) -> None:
    """Four times what a window allows, all at once; meanwhile another queue gets a job now and then."""
    starts, ledger, waits = _run(servers, side, first=BURSTS * limit, then=0)
    title = f"{limit} per {WINDOW:g} s"
    used = windows.share_used(starts, limit, WINDOW)
    findings.add(side.name, f"{title}, saturated: share of starts used", [used])
    _most(findings, side, f"{title}, saturated", starts, ledger, limit)
    if waits:
        findings.add(side.name, f"{title}: another queue's wait, ms p95", [percentile(waits, 0.95)])
        findings.promises += [
            Promise("d", f"{title}: share of starts used", used, 0.98),
            Promise("d", f"{title}: another queue's wait, ms p95", percentile(waits, 0.95), 50, at_most=True),
        ]


def _attacked(findings: Findings, servers: Servers, side, limit: int) -> None:
    """One job, and three times what a window allows when 0.9 of the window is over."""
    starts, ledger, _ = _run(servers, side, first=1, then=(BURSTS - 1) * limit)
    _most(findings, side, f"{limit} per {WINDOW:g} s, attacked", starts, ledger, limit)


def _most(findings: Findings, side, title: str, starts: list[float], ledger: list[float], limit: int) -> None:
    seen = windows.most(starts, WINDOW - TOLERANCE)
    findings.add(side.name, f"{title}: most in {WINDOW - TOLERANCE:g} s, by the provider", [seen])
    if ledger:
        most = windows.most(ledger, WINDOW)
        findings.add(side.name, f"{title}: most in {WINDOW:g} s, by the ledger", [most])
        findings.promises += [
            Promise("d", f"{title}: most starts, by the ledger", most, limit, at_most=True),
            Promise("d", f"{title}: most requests, by the provider", seen, limit, at_most=True),
        ]


def _run(servers: Servers, side, *, first: int, then: int) -> tuple[list[float], list[float], list[float]]:
    """Moments of the requests at the provider and of the starts in the ledger; waits of another queue's jobs, in ms."""
    servers.journal()
    Attempt.objects.all().delete()
    ids = drafts.make(first + then, "fixed-200")
    side.load(ids[:first])
    begun, loaded = side.go(), first
    while drafts.done()[0] < first + then:
        if loaded == first and then and time.time() - begun >= 0.9 * WINDOW:
            side.load(ids[first:])
            side.go()
            loaded += then
        if time.time() - begun > PATIENCE:
            raise RuntimeError(f"{side.name} wrote {drafts.done()[0]} of {first + then} drafts")
        if isinstance(side, Copydesk) and not then:
            enqueue("bench.nothing", args={"seconds": 0})
        time.sleep(OTHERS_EVERY if loaded == first + then else 0.01)
    starts = sorted(arrived for arrived, _, _ in servers.journal())
    attempts = Attempt.objects.filter(started_at__isnull=False)
    limited = attempts.exclude(queue="bench-free").order_by("started_at").values_list("started_at", flat=True)
    others = attempts.filter(queue="bench-free").values_list("started_at", "job__created_at")
    waits = [(started - asked).total_seconds() * 1000 for started, asked in others]
    return starts, [moment.timestamp() for moment in limited], waits
