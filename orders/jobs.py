"""The one job that may be open for an order: asking for it, and steering it together with the order."""

import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from orders.models import Order, Priority, RevisionRequest
from orders.models.catalogue import ProductKind
from orders.transitions import Conflict, locked
from queues.models import Job
from queues.services import enqueue, enqueue_many

T = TypeVar("T")
PRIORITY = {Priority.RUSH: 1, Priority.VIP: 2, Priority.NORMAL: 5}
REVISION_LEAD, UNFAIR_LAG = 1, 3  # places of priority; the second beyond the revisions that were bought
FIRST = {ProductKind.ARTICLE: "orders.generate_article", ProductKind.BACKLINK: "orders.integrate_backlink"}
REVISION = "orders.revise_article"
TRIES = 5


def request_first_version(order: Order) -> Job:
    """Asks the queue for the order's first version, inside the caller's transaction."""
    return request_first_versions([order])[order.pk]


def request_first_versions(orders: list[Order]) -> dict[uuid.UUID, Job]:
    """The same for several orders, whose rows the caller has locked: the job of each, by the order's id."""
    alike, jobs = defaultdict(list), {}
    for order in orders:
        kind = FIRST[ProductKind(order.kind)]
        alike[kind, priority_of(order, kind), order.owner].append(order)
    for (kind, priority, owner), those in alike.items():
        args, keys = [_args(order) for order in those], [_key(order) for order in those]
        asked = enqueue_many(kind, args, priority=priority, owner=owner, subjects=those, dedupe_keys=keys)
        jobs |= {order.pk: _its_own(order, job, kind) for order, job in zip(those, asked, strict=True)}
    return jobs


def request_revision(order: Order, revision: RevisionRequest, *, slower: bool = False) -> Job:
    """Asks the queue for another version, inside the caller's transaction."""
    priority = priority_of(order, REVISION) + (UNFAIR_LAG if slower else 0)
    ids = {"revision_id": str(revision.pk)}
    args, key = _args(order) | ids, _key(order)
    job = enqueue(REVISION, args=args, priority=priority, dedupe_key=key, subject=order, owner=order.owner)
    return _its_own(order, job, REVISION, **ids)


def priority_of(order: Order, kind: str) -> int:
    """The place in line, 1 is first, of a job of this `kind` for the order."""
    return max(1, PRIORITY[Priority(order.priority)] - (REVISION_LEAD if kind == REVISION else 0))


def _args(order: Order) -> dict[str, str]:
    return {"order_id": str(order.pk)}


def _key(order: Order) -> str:
    return f"order:{order.pk}"


def _its_own(order: Order, job: Job, kind: str, **ids: str) -> Job:
    if (job.kind, job.args) != (kind, _args(order) | ids):
        # Only a dead letter that staff put back in line can be open here.
        raise Conflict(kind, order.status, code="busy", detail="Another job of this order is still at work.")
    return job


class _Moved(Exception):
    pass


def with_job(order_id: uuid.UUID, act: Callable[[Order, Job | None], T]) -> T:
    """What `act` returns, in a transaction that holds the order's job and the order, in this order.

    A job that completes has locked its row before the order's (queues.running): the other way round, two
    transactions could wait for each other for ever.
    """
    for _ in range(TRIES):
        try:
            with transaction.atomic():
                expected = Order.objects.values_list("current_job", flat=True).get(pk=order_id)
                job = Job.objects.select_for_update().filter(pk=expected).first() if expected else None
                order = locked(order_id)
                if order.current_job != expected:
                    raise _Moved
                return act(order, job)
        except _Moved:
            continue
    raise Conflict("this", order.status, code="busy", detail="The order is changing at this moment. Try again.")
