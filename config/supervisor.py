"""Runs several programs as one: prefixed output, restart of what dies, an orderly stop, nothing left behind.

Everything happens in the caller's thread inside `turn`; the guard process takes over if that thread is killed.
"""

import selectors
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from config.child import Child, Lines, Pauses, Program
from config.console import Console
from config.process_guard import Guard

Result = TypeVar("Result")
TURN = 0.1
STOP_APPS, STOP_SERVICES = 6.5, 2.0  # seconds; together below the 10 that people are promised


class StopRequested(Exception):
    """A signal asked this process to end."""


class Supervisor:
    """A set of children by name."""

    def __init__(self, console: Console, pauses: Pauses | None = None) -> None:
        self._console, self._pauses = console, pauses or Pauses()
        self._children: dict[str, Child] = {}
        self._selector = selectors.DefaultSelector()
        self._guard = Guard()
        self._signals = 0

    def start(self, program: Program) -> None:
        """Start `program` and keep it running until `drop` or `close`."""
        child = Child(program, self._pauses)
        self._children[program.name] = child
        self._adopt(child)

    def pid(self, name: str) -> int:
        """The process id of the present process of `name`, alive or not."""
        return self._children[name].process.pid

    def alive(self, name: str) -> bool:
        """Whether the process of `name` runs at this moment."""
        return not self._children[name].has_ended()

    def drop(self, name: str) -> None:
        """End `name` and do not start it again."""
        child = self._children.pop(name)
        self._end([child], patience=STOP_SERVICES)

    def turn(self, timeout: float = TURN) -> None:
        """Pass on output for up to `timeout` seconds, then restart what is due. Raises StopRequested after a signal."""
        self._pass_on_output(timeout)
        self._guard.ensure_running()
        for child in self._children.values():
            self._look_after(child)
        if self._signals:
            raise StopRequested

    def run_until(self, condition: Callable[[], bool], timeout: float = float("inf"), every: float = TURN) -> bool:
        """Turn until `condition()`, asked every so many seconds; False when `timeout` seconds passed first."""
        deadline = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > deadline:
                return False
            ask_again = time.monotonic() + every
            while (left := ask_again - time.monotonic()) > 0:
                self.turn(min(left, TURN))
        return True

    def run_beside(self, work: Callable[[], Result]) -> Result:
        """Turn while `work` runs in a thread; returns its result or raises its error."""
        outcome: Future[Result] = Future()

        def run() -> None:
            try:
                outcome.set_result(work())
            except Exception as error:
                outcome.set_exception(error)

        threading.Thread(target=run, daemon=True).start()
        self.run_until(outcome.done)
        return outcome.result()

    def close(self) -> None:
        """End all children: programs first, then what serves them; within 10 s; a second signal makes it immediate."""
        children = list(self._children.values())
        self._children.clear()
        already = self._signals
        self._end([c for c in children if not c.program.serves_others], STOP_APPS, already)
        self._end([c for c in children if c.program.serves_others], STOP_SERVICES, already)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()
        self._guard.close()

    @contextmanager
    def signals(self) -> Iterator[None]:
        """SIGINT, SIGTERM and SIGHUP ask for a stop instead of ending this process."""
        wanted = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._note_signal) for number in wanted}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _note_signal(self, *_: object) -> None:
        self._signals += 1

    def _adopt(self, child: Child) -> None:
        self._guard.watch(child.process.pid)
        self._selector.register(child.process.stdout, selectors.EVENT_READ, child.output)

    def _look_after(self, child: Child) -> None:
        if child.restart_at is not None:
            if time.monotonic() >= child.restart_at:
                child.start()
                self._adopt(child)
        elif child.has_ended():
            pause = child.plan_restart()
            self._guard.forget(child.process.pid)
            self._console.line(
                child.program.name, f"ended ({child.how_it_ended()}); starting it again in {pause:.0f} s"
            )

    def _pass_on_output(self, timeout: float) -> bool:
        ready = self._selector.select(timeout)
        for key, _ in ready:
            source: Lines = key.data
            lines = source.read()
            if lines is None:
                self._selector.unregister(key.fileobj)
                key.fileobj.close()
            for line in filter(None, lines or ()):
                self._console.line(source.name, line)
        return bool(ready)

    def _end(self, children: list[Child], patience: float, already: int | None = None) -> None:
        for child in children:
            child.terminate()
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not all(child.has_ended() for child in children):
            self._pass_on_output(TURN)
            if already is not None and self._signals > already:
                break
        for child in children:
            child.kill()
            self._guard.forget(child.process.pid)
        while self._pass_on_output(0):
            pass
