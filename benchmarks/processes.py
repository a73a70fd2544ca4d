"""Child processes of a run, and what the operating system says of them."""

import os
import signal
import subprocess
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


class Child:
    """A program in a session of its own, with its output in a log file; nothing outlives `stop`."""

    def __init__(self, command: list[str], *, log: Path, env: dict[str, str] | None = None, talks: bool = False):
        """`talks`: standard input and output are pipes for the caller; else the log takes the output too."""
        pipe = subprocess.PIPE if talks else None
        with log.open("a") as file:
            self.process = subprocess.Popen(
                command,
                stdin=pipe,
                stdout=pipe or file,
                stderr=file,
                env=os.environ | (env or {}),
                text=True,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def cpu(self) -> float:
        """Processor seconds used so far by the program and its children."""
        return sum(seconds(pid) for pid in session(self.pid))

    def peak_memory(self) -> float:
        """MB; the sum of each process's own peak."""
        return sum(_status(pid, "VmHWM") for pid in session(self.pid)) / 1024

    def __enter__(self) -> "Child":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """SIGTERM, after 10 s SIGKILL, to the whole session."""
        for signum in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                os.killpg(self.pid, signum)
            try:
                self.process.wait(10)
                break
            except subprocess.TimeoutExpired:
                continue
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()


def seconds(pid: int, *, with_ended_children: bool = False) -> float:
    """User and system seconds of one process (proc(5), stat); 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(map(int, fields[11 : 15 if with_ended_children else 13])) / TICK


def family(pid: int) -> float:
    """Processor seconds of a server, its children and those of its children that have ended."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return seconds(pid, with_ended_children=True) + sum(seconds(int(child)) for child in children)


def session(leader: int) -> list[int]:
    """Living processes of the leader's session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == leader:
            found.append(int(stat.parent.name))
    return found


def _status(pid: int, name: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0)
