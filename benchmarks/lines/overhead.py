"""Line b: the model answers at once, so all that is left is the engines' own cost."""

from statistics import median

from benchmarks import rounds
from benchmarks.figures import Findings, Promise, ratios
from benchmarks.servers import Servers
from benchmarks.sides.bare_celery import BareCelery
from benchmarks.sides.bullmq import BullMQ
from benchmarks.sides.copydesk import Copydesk

ROUNDS, JOBS, SLOTS = 3, 2000, 8


def measure(servers: Servers, *, quick: bool) -> Findings:
    findings = Findings()
    sides = [Copydesk(servers), BullMQ(servers), BareCelery(servers)]
    jobs = JOBS // 10 if quick else JOBS
    runs = rounds.take(sides, servers, rounds=1 if quick else ROUNDS, jobs=jobs, slots=SLOTS, latency="fixed-0")
    for side, those in runs.items():
        findings.add(side, "no latency: jobs per second", [jobs / run.wall for run in those])
    rounds.tabulate(findings, runs, title="no latency")
    costs = {side: [run.cpu for run in those] for side, those in runs.items()}
    for side in ("Copydesk", "Celery"):
        findings.add(side, "no latency: worker CPU over BullMQ's", ratios(costs[side], costs["BullMQ"]))
    share = median(ratios(costs["Copydesk"], costs["BullMQ"]))
    findings.promises.append(Promise("b", "worker CPU per job over BullMQ's", share, 1.5, at_most=True))
    return findings
