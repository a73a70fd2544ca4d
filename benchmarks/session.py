"""All lines of one session, one after the other, and the report at its end."""

import importlib
import sys

from benchmarks import report
from benchmarks.figures import Findings
from benchmarks.servers import Servers
from benchmarks.sides import bullmq

MODULES = {
    "a": "benchmarks.lines.latency",
    "b": "benchmarks.lines.overhead",
    "c": "benchmarks.lines.web",
    "d": "benchmarks.lines.limits",
    "e": "benchmarks.lines.priorities",
    "f": "benchmarks.lines.backlog",
    "g": "benchmarks.streams",
}


def run(servers: Servers, *, lines: list[str], quick: bool) -> int:
    """Measure `lines` and report; the exit status."""
    if not bullmq.install():
        print("Node.js and npm are needed for the BullMQ side.", file=sys.stderr)
        return 2
    found: dict[str, Findings] = {}
    for line in lines:
        print(f"-- {line}: {MODULES[line]}", flush=True)
        found[line] = importlib.import_module(MODULES[line]).measure(servers, quick=quick)
        report.show(line, found[line])
    report.write(found, quick=quick)
    return report.verdict(found, lines=list(MODULES))
