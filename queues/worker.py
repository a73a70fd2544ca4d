"""What a Celery worker process does besides running tasks: heartbeat, dispatcher, and a stop that loses nothing."""

import contextlib
import gc
import itertools
import logging
import os
import threading
import time
from collections.abc import Iterator

import redis
from celery import bootsteps, signals
from django.conf import settings
from django.db import Error, connections
from django.db.models import QuerySet

from queues import bell, dispatch, leases, reports
from queues.errors import TimedOut
from queues.failure import settle
from queues.ledger import put_back
from queues.models import Job, Worker
from queues.states import JobState

HEARTBEAT_SECONDS = 5
WAKE_SECONDS = 0.02
logger = logging.getLogger(__name__)
stopping = threading.Event()
node = ""  # Celery's name of this worker, once it consumes


@signals.worker_ready.connect
def start(sender, **kwargs) -> None:
    """Start the threads once the worker consumes."""
    global node
    gc.freeze()  # what was imported stays: the collector need not go through it again and again
    node, slots = sender.hostname, sender.controller.concurrency
    for loop in (heartbeat, dispatcher, reporter):
        threading.Thread(target=loop, args=(node, slots), name=loop.__name__, daemon=True).start()


class Wire(bootsteps.StartStopStep):
    """What Celery's main loop does besides, begun anew with each connection to the broker: it forgets its timers."""

    requires = {"celery.worker.consumer.tasks:Tasks"}

    def register_with_event_loop(self, consumer, hub) -> None:
        """Have the loop look for messages at least every 20 ms, and for silence.

        It fetches none while all threads are taken, and a thread that comes free does not wake it: it slept for up to
        two seconds with messages on the wire.
        """
        hub.call_repeatedly(WAKE_SECONDS, time.monotonic)
        self._silent, channel = False, consumer.task_consumer.channel
        seconds = settings.CELERY_BROKER_TRANSPORT_OPTIONS["health_check_interval"]
        hub.call_repeatedly(seconds / 2, self.listen, channel)

    def listen(self, channel) -> None:
        """Have Celery connect anew when Redis is silent, which while it is asked for messages answers every second.

        A network that vanished tells nobody. Looked at twice: who stood still has only not read the answers yet.
        """
        asked, before = channel._in_poll, self._silent
        self._silent = bool(asked) and time.monotonic() > asked.next_health_check
        if before and self._silent:
            channel._in_poll = None  # to close it, it would wait ten seconds more for the answer
            raise redis.ConnectionError("no answer")


@contextlib.contextmanager
def surviving(what: str) -> Iterator[None]:
    """One turn of a loop that must go on whatever it runs into; holds no connection afterwards."""
    try:
        yield
    except Error as error:
        logger.warning("%s waits for the database: %s", what, type(error).__name__)
    except Exception:
        logger.exception("%s stumbled and goes on", what)
    finally:
        connections.close_all()


def heartbeat(node: str, slots: int) -> None:
    """Beat until the process ends: without it every job here would be taken for lost."""
    with surviving("Heartbeat"):
        leases.forget_silent_workers()
    while True:
        with surviving("Heartbeat"):
            leases.beat(node, slots, stopping=stopping.is_set())
            if stuck := leases.overdue():
                abandon(stuck)
        time.sleep(HEARTBEAT_SECONDS)


def dispatcher(node: str, slots: int) -> None:
    """Dispatch whenever the bell rings or the next known moment has come."""
    listener = bell.Listener()
    while not stopping.is_set():
        wait = dispatch.IDLE_SECONDS
        with surviving("Dispatcher"):
            wait = dispatch.tick()
        listener.wait(wait)


def reporter(node: str, slots: int) -> None:
    """Report every 30 s, and this process's memory every 5 minutes."""
    for turn in itertools.count():
        with surviving("Reporter"):
            reports.report()
            if turn % 10 == 1:
                reports.log_memory(node)
        if stopping.wait(reports.SECONDS):
            return


def abandon(stuck: dict[str, Job]) -> None:
    """Settle attempts that outlived their timeout, then drain and leave with an error, to be started again.

    The stuck threads cannot be ended, but nothing that they do counts any more.
    """
    for attempt, job in stuck.items():
        logger.error("%s is stuck beyond its timeout: this worker drains and restarts", job)
        settle(job, TimedOut("It ran longer than its queue allows."))
        leases.drop(attempt)  # if the database is away, it stays ours and the next heartbeat tries again
    if not stopping.is_set():
        stopping.set()
        threading.Thread(target=leave_after_grace, args=(1,), name="stop", daemon=True).start()


@signals.worker_shutting_down.connect
def stop(sig, how, exitcode, **kwargs) -> None:
    """SIGTERM: take nothing new, let short work finish, give the rest back, all within the grace period."""
    if not stopping.is_set():
        stopping.set()
        threading.Thread(target=leave_after_grace, args=(0,), name="stop", daemon=True).start()


def leave_after_grace(status: int) -> None:
    """Give running attempts the grace period, put the unfinished ones back in line, and end the process.

    Without an error `status` Celery mostly ends it first, as soon as nothing runs; it waits for a Redis that hangs.
    """
    try:
        own_rows().update(stopping=True)
        deadline = time.monotonic() + settings.WORKER_GRACE_SECONDS
        while time.monotonic() < deadline and (leases.held_jobs() or not status):
            time.sleep(0.05)
        for job in leases.held_jobs():
            put_back(job, JobState.ACTIVE, "Worker stopped: back in line", level="info")
            logger.info("Gave back %s", job)
    except Exception as error:
        logger.warning("Could not give work back, its leases run out instead: %r", error)
    leave()
    os._exit(status)  # the threads pool cannot stop a running task; the ledger no longer counts it as ours


@signals.worker_shutdown.connect
def leave(**kwargs) -> None:
    """Take this process off the list of workers; if that fails it is forgotten after its silence."""
    with contextlib.suppress(Error):
        own_rows().delete()


def own_rows() -> QuerySet[Worker]:
    """This process in the list of workers. In containers every worker has the same pid."""
    return Worker.objects.filter(name=leases.identity(node))
