"""Line g: 1,000 open pages on one live process. What do they cost, and when do they hear of a change?

Every stream watches the same job, so every event goes to all: the worst case. The listeners share the machine, and
their own work is in the delays. `python -m benchmarks.streams [STREAMS]` measures it alone, with a Redis of its own.
"""

import asyncio
import contextlib
import json
import os
import resource
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from benchmarks.figures import Findings, Promise, percentile
from benchmarks.processes import Child
from config import ports, redis_server

STREAMS, EVENTS, PAUSE = 1000, 100, 0.1  # seconds between events; all within a stream's shortest life of 50 s
MOST_MEMORY, MOST_SECONDS = 100, 5
AT_ONCE = 100  # connections that are opened together
PATIENCE = 20


@dataclass
class Run:
    """Seconds, but `memory`: MB that the process grew by, from idle to all streams open and told."""

    delays: list[float] = field(default_factory=list)
    delivered: float = 0  # share of events x streams
    memory: float = 0
    cpu: float = 0  # per delivery
    stop: float = 0  # from SIGTERM to the end, with all streams open


def measure(servers, *, quick: bool) -> Findings:
    """As one line of `python -m benchmarks`."""
    return findings(streams=100 if quick else STREAMS, events=10 if quick else EVENTS, folder=servers.folder)


def findings(*, streams: int, events: int, folder: Path) -> Findings:
    run, found = asyncio.run(_run(streams, events, folder)), Findings()
    title = f"{streams} streams, {events} events"
    found.add("Copydesk", f"{title}: delivered", [run.delivered])
    found.add("Copydesk", f"{title}: ms to hear, p50", [1000 * percentile(run.delays, 0.5)])
    found.add("Copydesk", f"{title}: ms to hear, p99", [1000 * percentile(run.delays, 0.99)])
    found.add("Copydesk", f"{title}: CPU us per delivery", [1e6 * run.cpu])
    found.add("Copydesk", f"{title}: KB per stream", [1024 * run.memory / streams])
    found.promises += [
        Promise("g", f"{title}: share delivered", run.delivered, 1),
        Promise("g", f"{title}: extra MB", run.memory, MOST_MEMORY, at_most=True),
        Promise("g", f"{title}: s from SIGTERM to the end", run.stop, MOST_SECONDS, at_most=True),
    ]
    return found


async def _run(streams: int, events: int, folder: Path) -> Run:
    from config import programs
    from queues import topics

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    addresses = programs.Addresses(web=0, flower=0, model=0, live=ports.free_port())
    child = Child(list(programs.live(addresses, {}).command), log=folder / "live.log")
    try:
        await _until_it_answers(addresses.live)
        job, before, run = uuid4(), child.peak_memory(), Run()
        heard = [asyncio.Queue() for _ in range(streams)]
        path, listeners = urlsplit(topics.address(topics.of_job(job))).path, []
        for start in range(0, streams, AT_ONCE):
            together = heard[start : start + AT_ONCE]
            listeners += [asyncio.create_task(_listen(addresses.live, path, queue)) for queue in together]
            await asyncio.gather(*(asyncio.wait_for(queue.get(), PATIENCE) for queue in together))
        used = child.cpu()
        sent = await _tell(job, events)
        await _collect(run, heard, sent)
        run.memory, run.cpu = child.peak_memory() - before, (child.cpu() - used) / max(1, len(run.delays))
        run.stop = await _stop(child)
        await asyncio.wait(listeners, timeout=PATIENCE)
        return run
    finally:
        child.stop()


async def _until_it_answers(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        if time.monotonic() > deadline:
            raise TimeoutError("The live process does not answer.")
        await asyncio.sleep(0.05)


async def _listen(port: int, path: str, heard: asyncio.Queue) -> None:
    """Put (moment, event id) of every message into `heard`; the first has no id."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"data: "):
            heard.put_nowait((time.perf_counter(), json.loads(line[6:]).get("event")))
    writer.close()


async def _tell(job, events: int) -> list[float]:
    """Announce as the ledger does; the moments just before."""
    from queues import announce
    from queues.models import Job

    sent = []
    for number in range(events):
        sent.append(time.perf_counter())
        await asyncio.to_thread(announce.after_commit, Job(pk=job), number)
        await asyncio.sleep(PAUSE)
    return sent


async def _collect(run: Run, heard: list[asyncio.Queue], sent: list[float]) -> None:
    async def hear(queue: asyncio.Queue) -> None:
        numbers = set()
        while len(numbers) < len(sent):
            moment, number = await queue.get()
            if number is not None and number not in numbers:
                numbers.add(number)
                run.delays.append(moment - sent[number])

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.gather(*map(hear, heard)), PATIENCE)
    run.delivered = len(run.delays) / (len(heard) * len(sent))


async def _stop(child: Child) -> float:
    began = time.perf_counter()
    child.process.terminate()
    await asyncio.to_thread(child.process.wait, PATIENCE)
    return time.perf_counter() - began


def main() -> None:
    """Measure line g alone."""
    from benchmarks import report

    with tempfile.TemporaryDirectory() as name:
        server, process = redis_server.start_process(Path(name) / "redis")
        os.environ |= {"REDIS_URL": server.url, "COPYDESK_DATA": name, "DJANGO_SETTINGS_MODULE": "config.settings"}
        try:
            import django

            django.setup()
            streams = int(sys.argv[1]) if len(sys.argv) > 1 else STREAMS
            report.show("g", findings(streams=streams, events=EVENTS, folder=Path(name)))
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    main()
