"""Asking for work: the one way in."""

import datetime
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from queues import announce, bell, kinds, statements, turns
from queues.errors import InvalidJob
from queues.models import Job, JobEvent
from queues.states import JobState

FARTHEST = datetime.timedelta(days=366)
MAX_ARGS_BYTES = 8192
SUBJECT = ("subject_type", "subject_id", "subject_label")


def enqueue(
    kind: str,
    *,
    args: dict[str, Any],
    priority: int = 5,
    dedupe_key: str = "",
    subject: models.Model | None = None,
    label: str = "",
    owner: models.Model | None = None,
    run_at: datetime.datetime | None = None,
    parent: Job | None = None,
) -> Job:
    """Write a job in the caller's transaction; it starts after the commit, and never if that rolls back.

    While a job with the same `dedupe_key` is open, that job is returned instead. `args` are ids only. `label` is what
    people call the job's work, where that is not the subject's name.
    Raises InvalidJob, naming the field, for anything that cannot be a job; nothing is stored then.
    """
    about = {"subject": subject, "label": label, "owner": owner, "parent": parent}
    job = _checked(kind, args=args, priority=priority, dedupe_key=dedupe_key, run_at=run_at, **about)
    return _stored([job])[0]


def enqueue_many(
    kind: str,
    args_list: Iterable[dict[str, Any]],
    *,
    priority: int = 5,
    owner: models.Model | None = None,
    parent: Job | None = None,
    subjects: Sequence[models.Model] = (),
    dedupe_keys: Sequence[str] = (),
) -> list[Job]:
    """Write one job per args in the caller's transaction, one INSERT per 500; all or, on InvalidJob, none.

    `subjects` and `dedupe_keys` mean what they do for one job, and are given for all or for none. Of several, none is
    stored (IntegrityError) when somebody else asks with one of the keys at the very same moment.
    """
    args_list = list(args_list)
    each = zip(args_list, subjects or [None] * len(args_list), dedupe_keys or [""] * len(args_list), strict=True)
    shared = {"priority": priority, "owner": owner, "parent": parent}
    jobs = [_checked(kind, args=args, subject=subject, dedupe_key=key, **shared) for args, subject, key in each]
    return _stored(jobs)


def _checked(kind: str, *, args, priority, dedupe_key, run_at=None, subject=None, label="", **family) -> Job:
    task = kinds.find(kind)
    if task.queue not in settings.QUEUES:
        raise InvalidJob("queue", f"{task.queue!r} is not in settings.QUEUES")
    if isinstance(priority, bool) or not isinstance(priority, int) or not 1 <= priority <= 10:
        raise InvalidJob("priority", f"must be a whole number from 1 (first) to 10, not {priority!r}")
    if not isinstance(dedupe_key, str) or len(dedupe_key) > 200 or not dedupe_key.isprintable():
        raise InvalidJob("dedupe_key", "must be one line of at most 200 characters")
    try:
        text = json.dumps(args, allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidJob("args", f"must be JSON: {error}") from None
    fits = len(text) <= MAX_ARGS_BYTES and b"\\u0000" not in text
    if not fits or not isinstance(args, dict) or not all(isinstance(key, str) for key in args):
        raise InvalidJob("args", f"must be an object with ids, at most {MAX_ARGS_BYTES} bytes of JSON without NUL")
    job = Job(kind=kind, queue=task.queue, args=args, priority=priority, dedupe_key=dedupe_key, **family)
    if subject is not None:
        job.subject_type = subject._meta.label_lower
        job.subject_id, job.subject_label = str(subject.pk), (label or str(subject))[:200]
    if run_at is not None:
        if not isinstance(run_at, datetime.datetime) or timezone.is_naive(run_at):
            raise InvalidJob("run_at", "must be a moment with a time zone")
        if run_at > timezone.now() + FARTHEST:
            raise InvalidJob("run_at", f"must be within {FARTHEST.days} days")
        job.run_at, job.state = run_at, JobState.DELAYED
    return job


def _stored(jobs: list[Job]) -> list[Job]:
    keys = [job.dedupe_key for job in jobs if job.dedupe_key]
    for _ in range(3):  # the open job with a key may finish between our look and our insert
        known = {job.dedupe_key: job for job in Job.objects.open().filter(dedupe_key__in=keys)} if keys else {}
        new = [job for job in jobs if job.dedupe_key not in known]
        if not new or _written(new):
            return [known.get(job.dedupe_key, job) for job in jobs]
    raise InvalidJob("dedupe_key", "another job with this key keeps appearing")


def _written(jobs: list[Job]) -> bool:
    turns.place(*jobs)
    first = jobs[0]
    event = {"level": "info", "message": "Waiting in line", "data": {"state": first.state}}
    with transaction.atomic(savepoint=False):
        if len(jobs) > 1:
            _insert_alike(jobs, event)
        elif not statements.save_new(first, statements.insert(JobEvent, job=first.pk, **event)):
            return False
    bell.ring_after_commit()
    for job in jobs if len(jobs) == 1 or first.subject_type else ():
        announce.after_commit(job)
    if len(jobs) > 1:
        announce.line_after_commit(first.queue, first.parent)
    return True


def _insert_alike(jobs: list[Job], event: dict[str, Any]) -> None:
    first = jobs[0]
    differing = ["id", "args", "turn", *(["dedupe_key"] if first.dedupe_key else [])]
    differing += SUBJECT if first.subject_type else []
    own = {name: [getattr(job, name) for job in jobs] for name in differing}
    shared = statements.columns_of(first)
    statements.insert_alike(Job, {name: shared[name] for name in shared.keys() - own}, **own)
    statements.insert_alike(JobEvent, event, job_id=own["id"])
    for job in jobs:
        statements.mark_saved(job)
