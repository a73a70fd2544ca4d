"""One supervised program: its process group, its output, and when it may be started again."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from config.process_guard import signal_group

LONGEST_LINE = 16_384


@dataclass(frozen=True)
class Program:
    """What to run. `serves_others`: other programs use it, so it is stopped after them."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    serves_others: bool = False


@dataclass(frozen=True)
class Pauses:
    """Seconds before a program that died is started again: doubling; back to `first` after `settled` seconds alive."""

    first: float = 1.0
    longest: float = 30.0
    settled: float = 60.0

    def after(self, failures: int) -> float:
        """The pause after the `failures`-th end in a row (1 = the first)."""
        return min(self.longest, self.first * 2 ** min(failures - 1, 16))


class Child:
    """A program and its present process; the process leads its own session, so a signal reaches the whole group."""

    def __init__(self, program: Program, pauses: Pauses) -> None:
        self.program, self.pauses = program, pauses
        self.failures = 0
        self.restart_at: float | None = None
        self.start()

    def start(self) -> None:
        """Start the process now."""
        self.process = subprocess.Popen(  # noqa: S603 - commands come from config/programs.py, none from outside
            self.program.command,
            env={**os.environ, **self.program.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.output = Lines(self.program.name, self.process.stdout.fileno())
        self.started_at = time.monotonic()
        self.restart_at = None

    def has_ended(self) -> bool:
        """Whether the process is gone (and reaped)."""
        return self.process.poll() is not None

    def plan_restart(self) -> float:
        """End what is left of the group, set `restart_at`, return the pause in seconds."""
        self.kill()
        lived = time.monotonic() - self.started_at
        self.failures = 1 if lived >= self.pauses.settled else self.failures + 1
        pause = self.pauses.after(self.failures)
        self.restart_at = time.monotonic() + pause
        return pause

    def terminate(self) -> None:
        """Ask the process itself to end; it tells its own children."""
        if not self.has_ended():
            self.process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the whole group by force, also when the process itself is gone already."""
        if self.restart_at is None:  # else it was done, and the number may belong to somebody else by now
            signal_group(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def how_it_ended(self) -> str:
        """For people: "exit code 1", "killed by SIGKILL"."""
        code = self.process.returncode
        return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


class Lines:
    """Cuts what arrives on a pipe into lines."""

    def __init__(self, name: str, descriptor: int) -> None:
        self.name, self.descriptor = name, descriptor
        self._rest = b""

    def read(self) -> list[str] | None:
        """The lines that are complete now; None at the end. Blocks only when nothing has arrived."""
        data = os.read(self.descriptor, 65_536)
        if not data and not self._rest:
            return None
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data or len(self._rest) > LONGEST_LINE:
            lines, self._rest = [*lines, self._rest], b""
        return [line.decode(errors="replace").rstrip() for line in lines]
