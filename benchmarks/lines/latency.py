"""Line a: jobs that wait for a model. How full are the slots, what does a job cost, how big is the worker?"""

from statistics import median

from benchmarks import rounds
from benchmarks.figures import Findings, Promise, ratios
from benchmarks.servers import Servers
from benchmarks.sides.bare_celery import BareCelery
from benchmarks.sides.bullmq import BullMQ
from benchmarks.sides.copydesk import Copydesk

ROUNDS = 2
SECONDS = 2.0
MOST_MEMORY, MOST_CONNECTIONS = 250, 10
# slots -> jobs, and the least ratio to BullMQ's efficiency (None: it may be smaller by 0.01)
FIXED = {50: (500, None), 200: (1000, 0.90), 500: (1000, 0.75)}
SPREAD_SLOTS, SPREAD_JOBS = 200, 1000


def measure(servers: Servers, *, quick: bool) -> Findings:
    findings = Findings()
    sides = [Copydesk(servers), BullMQ(servers), BareCelery(servers)]
    for slots, (jobs, ratio) in FIXED.items():
        _fixed(findings, sides, servers, slots=slots, jobs=slots if quick else jobs, ratio=ratio, quick=quick)
        if ratio is not None:
            _split(findings, sides[:2], servers, slots=slots, jobs=slots if quick else jobs, quick=quick)
    _spread(findings, sides, servers, quick=quick)
    return findings


def _fixed(findings: Findings, sides: list, servers: Servers, *, slots, jobs, ratio, quick) -> None:
    """All answers at once, every two seconds: the worst case. Efficiency is jobs x latency / slots / wall."""
    turns = 1 if quick else ROUNDS
    runs = rounds.take(sides, servers, rounds=turns, jobs=jobs, slots=slots, latency=f"fixed-{SECONDS * 1000:.0f}")
    title = f"{slots} slots, {SECONDS:g} s"
    full = {}
    for side, those in runs.items():
        full[side] = [jobs * SECONDS / slots / run.wall for run in those]
        findings.add(side, f"{title}: efficiency", full[side])
    rounds.tabulate(findings, runs, title=title)
    if ratio is None:
        less = median(a - b for a, b in zip(full["Copydesk"], full["BullMQ"], strict=True))
        findings.promises.append(Promise("a", f"{title}: efficiency less BullMQ's", less, -0.01))
    else:
        share = median(ratios(full["Copydesk"], full["BullMQ"]))
        findings.promises.append(Promise("a", f"{title}: efficiency over BullMQ's", share, ratio))


def _split(findings: Findings, sides: list, servers: Servers, *, slots, jobs, quick) -> None:
    """The same slots in two processes: what somebody with so many would do. Nothing is promised of it."""
    turns, latency = 1 if quick else ROUNDS, f"fixed-{SECONDS * 1000:.0f}"
    runs = rounds.take(sides, servers, rounds=turns, jobs=jobs, slots=slots, latency=latency, processes=2)
    title = f"{slots} slots in 2 processes, {SECONDS:g} s"
    for side, those in runs.items():
        findings.add(side, f"{title}: efficiency", [jobs * SECONDS / slots / run.wall for run in those])
    rounds.tabulate(findings, runs, title=title)


def _spread(findings: Findings, sides: list, servers: Servers, *, quick: bool) -> None:
    """Answers as real models give them: log-normal, median 8 s. Efficiency is the share of busy slots."""
    jobs, latency = (SPREAD_SLOTS * 2, "lognormal-2000") if quick else (SPREAD_JOBS, "lognormal-8000")
    runs = rounds.take(sides, servers, rounds=1 if quick else ROUNDS, jobs=jobs, slots=SPREAD_SLOTS, latency=latency)
    title = f"{SPREAD_SLOTS} slots, {latency}"
    for side, those in runs.items():
        findings.add(side, f"{title}: efficiency", [run.busy for run in those])
    rounds.tabulate(findings, runs, title=title)
    ours, theirs = runs["Copydesk"], runs["BullMQ"]
    worst = median(a.busy - b.busy for a, b in zip(ours, theirs, strict=True))
    findings.promises += [
        Promise("a", f"{title}: efficiency", median(run.busy for run in ours), 0.97),
        Promise("a", f"{title}: efficiency less BullMQ's", worst, -0.01),
        Promise("a", f"{title}: worker MB", max(run.memory for run in ours), MOST_MEMORY, at_most=True),
        Promise("a", f"{title}: connections", max(run.connections for run in ours), MOST_CONNECTIONS, at_most=True),
    ]
