"""Line c, last part: asking for many jobs at once."""

import time
from statistics import median

from django.db import transaction

from benchmarks.figures import Findings, Promise
from benchmarks.servers import Servers
from benchmarks.sides.bullmq import BullMQ
from benchmarks.sides.copydesk import Copydesk
from queues.services import enqueue_many

ROUNDS, COUNT, CHUNK = 3, 10_000, 1000


def measure(findings: Findings, servers: Servers, *, quick: bool) -> None:
    peer = BullMQ(servers)
    count = CHUNK if quick else COUNT
    ours, theirs = [], []
    for _ in range(1 if quick else ROUNDS):
        begun = time.perf_counter()
        with transaction.atomic():
            enqueue_many("bench.write", [{"draft_id": number} for number in range(count)])
        ours.append((time.perf_counter() - begun) * 1000 / count)
        Copydesk(servers).forget()
        jobs = [[[{"draftId": number}] for number in range(CHUNK)]] * (count // CHUNK)
        theirs.append(sum(peer.ask("add", jobs=chunk)["milliseconds"] for chunk in jobs) / count)
        peer.forget()
    findings.add("Copydesk", "bulk enqueue: ms per job", ours)
    findings.add("BullMQ", "bulk enqueue: ms per job", theirs)
    findings.promises.append(Promise("c", "bulk enqueue: ms per job", median(ours), 0.15, at_most=True))
