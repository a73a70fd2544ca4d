"""Asking for another version: the customer's wishes and staff's."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from orders import jobs, policy, reviews
from orders.actors import Actor
from orders.models import AskedBy, Decision, Order, RevisionRequest
from orders.notes import check_notes
from orders.transitions import Conflict, flag, locked, transition
from queues.models import Job

REPEAT = datetime.timedelta(minutes=1)


def request_revision(
    *, order_id: uuid.UUID, notes: str, actor: Actor, version_id: uuid.UUID | None = None
) -> tuple[RevisionRequest, Job]:
    """The customer's wish, on its way to the writer. `version_id` is the version it is about, if the caller knows.

    Beyond the revisions that were bought it goes on staff's list and further back in line. Raises ValidationError
    for "notes", and Conflict; nothing is stored then.
    """
    notes = check_notes(notes)
    with transaction.atomic():
        order = locked(order_id)
        used = policy.check(order, "request_revision").revisions_used
        if version_id is not None:
            reviews.check_version(order, version_id, "request_revision")
        _check_repeat(order, notes)
        beyond = used >= order.included_revisions
        revision = _keep(order, notes, asked_by=AskedBy.CUSTOMER, counts=True)
        order, job = _hand_over(order, revision, "request_revision", actor, slower=beyond)
        if beyond:
            flag(order, f"Revision {used + 1} was asked for; {order.included_revisions} are included.")
    return revision, job


@transaction.atomic
def rework(*, order_id: uuid.UUID, note: str, staff) -> tuple[RevisionRequest, Job]:
    """Staff's wish for another version; the customer's revisions stay as they are.

    Raises ValidationError for "notes", and Conflict; nothing is stored then.
    """
    notes = check_notes(note)
    order = locked(order_id)
    if order.current_version_id is None:
        raise Conflict("rework", order.status)
    revision = _keep(order, notes, asked_by=AskedBy.STAFF, counts=False)
    reviews.decide(order, Decision.REWORK, action="rework", staff=staff, note=notes)
    order, job = _hand_over(order, revision, "rework", Actor("staff", str(staff.pk)))
    return revision, job


def _check_repeat(order: Order, notes: str) -> None:
    """A job may have ended between two clicks, well or not: the second click wants nothing new."""
    same = order.revisions.filter(asked_by=AskedBy.CUSTOMER, notes=notes, created_at__gt=timezone.now() - REPEAT)
    if same.exists():
        detail = "You asked for exactly this less than a minute ago. See what became of it, or say it in other words."
        raise Conflict("request_revision", order.status, code="repeated", detail=detail)


def _keep(order: Order, notes: str, *, asked_by: AskedBy, counts: bool) -> RevisionRequest:
    return RevisionRequest(
        order=order, base=order.current_version, notes=notes, asked_by=asked_by, counts_as_used=counts
    )


def _hand_over(order: Order, revision: RevisionRequest, action: str, actor: Actor, *, slower: bool = False):
    job = jobs.request_revision(order, revision, slower=slower)
    revision.job_id = job.pk
    revision.save(force_insert=True)
    told = {"revision": str(revision.pk), "job": str(job.pk)}
    return transition(order_id=order.pk, action=action, actor=actor, data=told, current_job=job.pk), job
