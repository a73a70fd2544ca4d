"""Tells the live streams that a job changed: one Redis publish after the commit.

A lost one does no harm: it says only "look again", and pages look now and then by themselves.
"""

import json

from django.db import transaction

from queues import bell, topics
from queues.models import Job


def after_commit(job: Job, event: int | None = None) -> None:
    """Announce a change of `job` once the caller's transaction has committed; `event` is the history line's id.

    Never raises.
    """
    transaction.on_commit(lambda: _publish(job, event), robust=True)


def _publish(job: Job, event: int | None) -> None:
    subject = f"{job.subject_type}:{job.subject_id}" if job.subject_type else None
    parent = topics.of_job(job.parent_id) if job.parent_id else None
    concerned = filter(None, (topics.of_job(job.pk), subject, parent))
    message = {"type": "changed", "job": str(job.pk), "subject": subject, "event": event}
    bell.publish(topics.CHANNEL, f"{' '.join(concerned)}\n{json.dumps(message)}")
