"""Asking for work: the one way in."""

import datetime
import itertools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from queues import announce, bell, kinds, statements, turns
from queues.errors import InvalidJob
from queues.models import Job, JobEvent
from queues.states import JobState

FARTHEST = datetime.timedelta(days=366)
MAX_ARGS_BYTES = 8192
TRIES = 3  # the open job with a key may finish between our look and our insert
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
    job = _checked(kind, args=args, priority=priority, dedupe_key=dedupe_key, run_at=run_at)
    job.owner, job.parent = owner, parent
    if subject is not None:
        _name_subject(job, subject, label)
    return _stored(job)


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

    `subjects` and `dedupe_keys` mean what they do for one job, and are given for all or for none.
    """
    keyed = zip(args_list, dedupe_keys, strict=True) if dedupe_keys else zip(args_list, itertools.repeat(""))
    jobs = [_checked(kind, args=args, priority=priority, dedupe_key=key, run_at=None) for args, key in keyed]
    for job in jobs:
        job.owner, job.parent = owner, parent
    if subjects:
        for job, subject in zip(jobs, subjects, strict=True):
            _name_subject(job, subject)
    return [_stored(jobs[0])] if len(jobs) == 1 else _all_stored(jobs)


def _name_subject(job: Job, subject: models.Model, label: str = "") -> None:
    job.subject_type = subject._meta.label_lower
    job.subject_id, job.subject_label = str(subject.pk), (label or str(subject))[:200]


def _checked(kind: str, *, args, priority, dedupe_key, run_at) -> Job:
    task = kinds.find(kind)
    if task.queue not in settings.QUEUES:
        raise InvalidJob("queue", f"{task.queue!r} is not in settings.QUEUES")
    if isinstance(priority, bool) or not isinstance(priority, int) or not 1 <= priority <= 10:
        raise InvalidJob("priority", f"must be a whole number from 1 (first) to 10, not {priority!r}")
    if len(dedupe_key) > 200:
        raise InvalidJob("dedupe_key", f"must be at most 200 characters, not {len(dedupe_key)}")
    try:
        size = len(json.dumps(args, allow_nan=False)) if isinstance(args, dict) else None
    except (TypeError, ValueError) as error:
        raise InvalidJob("args", f"must be JSON: {error}") from None
    if size is None or size > MAX_ARGS_BYTES or not all(isinstance(key, str) for key in args):
        raise InvalidJob("args", f"must be an object with ids, at most {MAX_ARGS_BYTES} bytes of JSON")
    job = Job(kind=kind, queue=task.queue, args=args, priority=priority, dedupe_key=dedupe_key)
    if run_at is not None:
        if not isinstance(run_at, datetime.datetime) or timezone.is_naive(run_at):
            raise InvalidJob("run_at", "must be a moment with a time zone")
        if run_at > timezone.now() + FARTHEST:
            raise InvalidJob("run_at", f"must be within {FARTHEST.days} days")
        job.run_at, job.state = run_at, JobState.DELAYED
    return job


def _stored(job: Job) -> Job:
    for _ in range(TRIES):
        if job.dedupe_key and (existing := Job.objects.open().filter(dedupe_key=job.dedupe_key).first()):
            return existing
        turns.place(job)
        with transaction.atomic(savepoint=False):
            if not statements.save_new(job, statements.insert(JobEvent, **_first_event(job))):
                continue
        bell.ring_after_commit()
        announce.after_commit(job)
        return job
    raise InvalidJob("dedupe_key", "another job with this key keeps appearing")


def _all_stored(jobs: list[Job]) -> list[Job]:
    keys = [job.dedupe_key for job in jobs if job.dedupe_key]
    for _ in range(TRIES):
        known = {job.dedupe_key: job for job in Job.objects.open().filter(dedupe_key__in=keys)}
        new = [job for job in jobs if job.dedupe_key not in known]
        try:
            if new:
                _store_alike(new)
        except IntegrityError:
            if not keys:
                raise
            continue
        return [known.get(job.dedupe_key, job) for job in jobs]
    raise InvalidJob("dedupe_key", "another job with one of these keys keeps appearing")


def _store_alike(jobs: list[Job]) -> None:
    turns.place(*jobs)
    first = jobs[0]
    differing = ["id", "args", "turn", *(["dedupe_key"] if first.dedupe_key else [])]
    differing += SUBJECT if first.subject_type else []
    with transaction.atomic():
        own = {name: [getattr(job, name) for job in jobs] for name in differing}
        shared = statements.columns_of(first)
        statements.insert_alike(Job, {name: shared[name] for name in shared.keys() - own}, **own)
        event = _first_event(first)
        del event["job_id"]
        statements.insert_alike(JobEvent, event, job_id=own["id"])
    for job in jobs:
        statements.mark_saved(job)
        if job.subject_type:
            announce.after_commit(job)
    bell.ring_after_commit()
    announce.line_after_commit(first.queue, first.parent)


def _first_event(job: Job) -> dict[str, Any]:
    return {"job_id": job.pk, "level": "info", "message": "Waiting in line", "data": {"state": job.state}}
