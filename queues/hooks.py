"""What a kind wants done when its job ends: in the transaction that ends it, and without power to undo that end."""

import logging

from django.db import InterfaceError, OperationalError, connection, transaction

from queues import kinds
from queues.models import Job, JobEvent

logger = logging.getLogger(__name__)


def run(name: str, job: Job) -> None:
    """Run the hook `name` of the job's kind, if it has one. Whoever ends a job may be the dispatcher, which must go on:
    a hook that breaks is logged and noted on the job, which ends without it. Staff see it.
    """
    try:
        with transaction.atomic():
            if hook := getattr(kinds.find(job.kind), name):
                job.refresh_from_db()
                hook(job)
    except Exception as error:
        if database_failed(error):
            raise  # nothing has ended then, and it is tried again
        logger.exception("%s of %s failed for job %s", name, job.kind, job.pk)
        JobEvent.objects.create(job=job, level="error", message="Its closing hook failed: see the log.")


def database_failed(error: Exception) -> bool:
    """Whether the database is to blame. SQLite calls a missing table an OperationalError too; that is the code's."""
    away = isinstance(error, OperationalError | InterfaceError)
    return away and (connection.vendor != "sqlite" or "locked" in str(error))
