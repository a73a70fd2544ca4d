"""BullMQ on Node: benchmarks/peer does the work, this talks to it."""

import json
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

from benchmarks.processes import Child
from benchmarks.servers import Servers

PEER = Path(__file__).resolve().parent.parent / "peer"


def install() -> bool:
    """Fetch the peer's packages once; False when there is no Node here."""
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    if not (PEER / "node_modules" / "bullmq").exists():
        quiet = ["--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"]
        subprocess.run(["npm", "install", *quiet], cwd=PEER, check=True)
    return True


def node(servers: Servers, program: str, *arguments: str, **env: str) -> Child:
    """Start peer/`program`.mjs and wait for its first line, kept as `child.greeting`."""
    child = servers.child(program, ["node", str(PEER / f"{program}.mjs"), *arguments], talks=True, **env)
    child.greeting = child.process.stdout.readline().strip()
    if not child.greeting:
        raise RuntimeError(f"{program}.mjs did not start: {(servers.folder / f'{program}.log').read_text()}")
    return child


class BullMQ:
    name = "BullMQ"

    def __init__(self, servers: Servers, queue: str = "peer") -> None:
        self.servers, self.queue, self.workers = servers, queue, []
        self.control = node(servers, "control")

    def start(self, *, slots: int, processes: int = 1, limit: str = "") -> None:
        """Start workers on an empty queue; `limit` is "starts/milliseconds" for BullMQ's limiter."""
        self.forget()
        env = {"QUEUE": self.queue, "CONCURRENCY": str(slots), "LIMIT": limit}
        self.workers = [node(self.servers, "worker", **env) for _ in range(processes)]

    def ask(self, command: str, **details: Any) -> dict[str, Any]:
        """Have the control program run `command`; its answer, and how many milliseconds it took."""
        pipe = self.control.process
        pipe.stdin.write(json.dumps({"command": command, "name": self.queue, **details}) + "\n")
        pipe.stdin.flush()
        return json.loads(pipe.stdout.readline())

    def load(self, draft_ids: list[int]) -> None:
        self.ask("pause")
        for first in range(0, len(draft_ids), 1000):
            self.ask("add", jobs=[[{"draftId": draft_id}] for draft_id in draft_ids[first : first + 1000]])

    def go(self) -> float:
        started = time.time()
        self.ask("resume")
        return started

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()
        self.workers.clear()
        self.forget()

    def forget(self) -> None:
        """Empty the queue."""
        self.ask("obliterate")
