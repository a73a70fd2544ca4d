"""What a Celery worker process does besides running tasks: heartbeat, dispatcher, and a stop that loses nothing."""

import contextlib
import logging
import os
import threading
import time

from celery import signals
from django.conf import settings
from django.db import DatabaseError, connections

from queues import bell, dispatch, leases
from queues.ledger import transition
from queues.models import Worker
from queues.states import JobState, Outcome

HEARTBEAT_SECONDS = 5
logger = logging.getLogger(__name__)
stopping = threading.Event()


@signals.worker_ready.connect
def start(sender, **kwargs) -> None:
    """Start the threads once the worker consumes."""
    node, slots = sender.hostname, sender.controller.concurrency
    for loop in (heartbeat, dispatcher):
        threading.Thread(target=loop, args=(node, slots), name=loop.__name__, daemon=True).start()


def heartbeat(node: str, slots: int) -> None:
    """Beat until the process ends; a database that is away is tried again at the next beat."""
    with contextlib.suppress(DatabaseError):
        leases.forget_silent_workers()
    while True:
        try:
            leases.beat(node, slots, stopping=stopping.is_set())
        except DatabaseError as error:
            logger.warning("Heartbeat missed: %s", type(error).__name__)
        finally:
            connections.close_all()
        time.sleep(HEARTBEAT_SECONDS)


def dispatcher(node: str, slots: int) -> None:
    """Dispatch whenever the bell rings or the next known moment has come."""
    listener = bell.Listener()
    while not stopping.is_set():
        wait = dispatch.IDLE_SECONDS
        try:
            wait = dispatch.tick()
        except DatabaseError as error:
            logger.warning("Dispatcher waits for the database: %s", type(error).__name__)
        except Exception:
            logger.exception("Dispatcher stumbled and goes on")
        finally:
            connections.close_all()
        listener.wait(wait)


@signals.worker_shutting_down.connect
def stop(sig, how, exitcode, **kwargs) -> None:
    """SIGTERM: take nothing new, let short work finish, give the rest back, all within the grace period."""
    if not stopping.is_set():
        stopping.set()
        threading.Thread(target=give_back_after_grace, args=(str(sig),), name="stop", daemon=True).start()


def give_back_after_grace(sig: str) -> None:
    """Wait for running attempts, then put the unfinished ones back in line and end the process."""
    try:
        Worker.objects.filter(pid=os.getpid()).update(stopping=True)
        deadline = time.monotonic() + settings.WORKER_GRACE_SECONDS
        while leases.held_jobs() and time.monotonic() < deadline:
            time.sleep(0.05)
        for job in leases.held_jobs():
            transition(
                job,
                JobState.WAITING,
                origin=(JobState.ACTIVE,),
                number=job.attempts_started,
                outcome=Outcome.LOST,
                message="Worker stopped: back in line",
            )
            logger.info("Gave back %s", job)
    except DatabaseError:
        logger.warning("Could not give work back; its leases run out instead")
    if leases.held_jobs():
        leave()
        os._exit(0)  # the threads pool cannot stop a running task; the ledger no longer counts it as ours


@signals.worker_shutdown.connect
def leave(**kwargs) -> None:
    """Take this process off the list of workers; if that fails it is forgotten after its silence."""
    with contextlib.suppress(DatabaseError):
        Worker.objects.filter(pid=os.getpid()).delete()
