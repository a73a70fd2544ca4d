"""Celery's pool of threads, which tells Celery's main loop when a thread is free again.

The loop fetches no message while all threads are taken, and nothing that a thread does wakes it: with messages on the
wire it slept on, for up to two seconds, until a timer of its own.
"""

import contextlib
import socket

from celery.concurrency import thread


class TaskPool(thread.TaskPool):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._heard, self._told = socket.socketpair()
        for end in (self._heard, self._told):
            end.setblocking(False)

    def register_with_event_loop(self, hub) -> None:
        """Called with each connection to the broker anew."""
        hub.add_reader(self._heard, self._heard.recv, 4096)

    def on_stop(self) -> None:
        super().on_stop()
        self._heard.close()
        self._told.close()

    def on_apply(self, *args, **kwargs) -> thread.ApplyResult:
        result = super().on_apply(*args, **kwargs)
        result.f.add_done_callback(self._tell)
        return result

    def _tell(self, _) -> None:
        with contextlib.suppress(BlockingIOError):  # full: enough was said
            self._told.send(b".")
