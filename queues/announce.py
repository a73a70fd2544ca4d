"""Tells the live streams that a job changed: one Redis publish after the commit.

A lost one does no harm: it says only "look again", and pages look now and then by themselves.
"""

import json
from collections.abc import Iterable

from django.db import transaction

from queues import bell, topics
from queues.models import Job
from queues.states import JobState


def after_commit(job: Job, event: int | None = None) -> None:
    """Announce a change of `job` once the caller's transaction has committed; `event` is the history line's id.

    Never raises.
    """
    in_line = job.state != JobState.ACTIVE  # what a running job says moves nobody's place
    transaction.on_commit(lambda: _publish(job, event, in_line), robust=True)


def line_after_commit(queue: str, parent: Job | None = None) -> None:
    """Announce that places in this line may have changed, or why it stands; also to who listens to `parent`."""
    concerned = (topics.of_queue(queue), topics.of_job(parent.pk) if parent else None)
    transaction.on_commit(lambda: _send(concerned, {"type": "changed"}), robust=True)


def topic_after_commit(topic: str) -> None:
    """Announce a change of what jobs are about, an order say, that need not come from a job."""
    transaction.on_commit(lambda: _send([topic], {"type": "changed", "subject": topic}), robust=True)


def _publish(job: Job, event: int | None, in_line: bool) -> None:
    subject = f"{job.subject_type}:{job.subject_id}" if job.subject_type else None
    parent = topics.of_job(job.parent_id) if job.parent_id else None
    concerned = (topics.of_job(job.pk), subject, parent, topics.of_queue(job.queue) if in_line else None)
    _send(concerned, {"type": "changed", "job": str(job.pk), "subject": subject, "event": event})


def _send(concerned: Iterable[str | None], message: dict) -> None:
    bell.publish(topics.CHANNEL, f"{' '.join(filter(None, concerned))}\n{json.dumps(message)}")
