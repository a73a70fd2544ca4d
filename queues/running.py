"""The handle that a job's code is given: progress, log, stored steps, and completion that counts once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from queues import announce, batches, statements
from queues.clock import Clock
from queues.errors import Cancelled, Superseded
from queues.ledger import transition
from queues.models import Attempt, Job, JobEvent, Step
from queues.states import JobState, Outcome


def give_back_connection() -> None:
    """Return this thread's connection to the pool; inside a transaction it stays."""
    if not connection.in_atomic_block:
        connection.close()


class RunningJob:
    """One attempt at one job. Every method that changes the job refuses once the attempt is not its current one.

    Between its calls the thread holds no database connection: hundreds of attempts share a few.
    """

    def __init__(self, job: Job):
        self.job = job
        self.completed = False

    @property
    def id(self) -> UUID:
        return self.job.pk

    def _own_row(self):
        return Job.objects.filter(pk=self.job.pk, state=JobState.ACTIVE, attempts_started=self.job.attempts_started)

    def checkpoint(self) -> None:
        """Raise Cancelled if someone asked to stop, Superseded if the job has moved on without us."""
        asked = self._own_row().values_list("cancel_requested", flat=True).first()
        if asked is None:
            raise Superseded
        if asked:
            raise Cancelled

    def progress(self, done: int, total: int, stage: str) -> None:
        """Show `done` of `total` parts and the stage's name; also a checkpoint."""
        self.checkpoint()
        self._own_row().update(progress=done, total=total, stage=stage)
        announce.after_commit(self.job)
        give_back_connection()

    def log(self, message: str, level: str = "info", **data: Any) -> None:
        """Append a line to the job's history; people read it, so write a sentence. `data` is for programs.

        Of an attempt that was given up nothing is written: it would stand among the lines of the next.
        """
        line = statements.insert(JobEvent, job=self.job.pk, level=level, message=message, data=data)
        number, ours = self.job.attempts_started, ("", Outcome.COMPLETED)
        own = statements.update(Attempt, {"job": self.job.pk, "number": number, "outcome": ours}, number=number)
        if event := statements.run_if(own, line):
            announce.after_commit(self.job, event)
        give_back_connection()

    def step(self, name: str, function: Callable[[], Any]) -> Any:
        """The stored JSON result of step `name`; calls `function` only if no attempt finished it before."""
        if stored := self.job.steps.filter(name=name).first():
            return stored.result
        self.checkpoint()
        give_back_connection()
        result = function()
        # A superseded attempt's result is kept as well: it is paid for, and the next attempt can use it.
        # One statement that commits itself: who is frozen or vanishes meanwhile leaves nothing half written, which the
        # next attempt would not see and pay for again.
        statements.run(statements.insert_if_new(Step, job=self.job.pk, name=name, result=result))
        return self.job.steps.get(name=name).result

    @contextmanager
    def completing(self, result: dict | None = None) -> Iterator[None]:
        """Do the effect inside this block: it and `completed` are one transaction, or neither happened.

        Raises Superseded, rolling the effect back, when this attempt is no longer the job's current one.
        """
        with transaction.atomic():
            # The job's row is locked before the effect's rows, as in failure and cancel: one order, no deadlock.
            number, end = self.job.attempts_started, {"outcome": Outcome.COMPLETED, "message": "Completed"}
            end |= {"result": result, "error_kind": "", "error_message": ""}
            if not transition(self.job, JobState.COMPLETED, number=number, **end):
                raise Superseded
            yield
        self.completed = True

    @contextmanager
    def handing_over(self) -> Iterator[None]:
        """Ask for children inside this block (`parent=job.job`); the job then ends when the last of them has ended.

        The attempt ends here and frees its slot. Raises Superseded, rolling back, if it is not ours any more.
        """
        self.checkpoint()
        with transaction.atomic():
            mine = self._own_row().filter(handed_over=False, cancel_requested=False)
            if not mine.update(handed_over=True, lease_until=None):
                self.checkpoint()  # asked to stop since: children that nobody has seen yet would not hear of it
                raise Superseded
            yield
            self.job.attempts.filter(finished_at=None).update(finished_at=Clock(), outcome=Outcome.COMPLETED)
            batches.take_over(self.job)
        self.completed = True
