"""Every action at every stage: allowed as the table says, or refused with no row changed; and long random lives."""

import datetime
import random
import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from orders import cancelling, decisions, priorities, refunding, requeueing, reviews, revisions, scheduling
from orders.actors import CUSTOMER, SYSTEM, Actor
from orders.models import Decision, Order, Priority, Refund
from orders.payments.balance import net
from orders.payments.checkouts import expire_payment
from orders.payments.confirm import confirm_payment
from orders.payments.refunds import TooMuch
from orders.states import OrderStatus
from orders.states import OrderStatus as S
from orders.transitions import Conflict
from queues.errors import Cancelled, Superseded
from queues.models import Job
from tests.orders.builders import make_order, receipt
from tests.orders.stages import NOTES, STAGES, exhaust, finish, fresh, make_staff, running, snapshot

pytestmark = pytest.mark.django_db
LATER = datetime.timedelta(days=1)


def approve(order: Order, **options) -> Order:
    return decisions.approve(
        order_id=order.pk, version_id=order.current_version_id or uuid.uuid4(), staff=make_staff(), **options
    )


# action -> how it is taken, and where it leads from the stages that allow it
ACTIONS: dict[str, tuple[Callable[[Order], object], dict[S, S]]] = {
    "request_revision": (
        lambda order: revisions.request_revision(order_id=order.pk, notes=NOTES, actor=CUSTOMER),
        {S.QUALITY_CHECK: S.PROCESSING},
    ),
    "submit_for_review": (
        lambda order: reviews.submit_for_review(
            order_id=order.pk, version_id=order.current_version_id or uuid.uuid4(), actor=CUSTOMER
        ),
        {S.QUALITY_CHECK: S.ADMIN_REVIEW, S.ADMIN_REVIEW: S.ADMIN_REVIEW},  # the second: the same review again
    ),
    "recall": (lambda order: reviews.recall(order_id=order.pk, actor=CUSTOMER), {S.ADMIN_REVIEW: S.QUALITY_CHECK}),
    "claim": (lambda order: reviews.claim(order_id=order.pk, staff=make_staff()), {S.ADMIN_REVIEW: S.ADMIN_REVIEW}),
    "unclaim": (lambda order: reviews.unclaim(order_id=order.pk, staff=make_staff()), {S.ADMIN_REVIEW: S.ADMIN_REVIEW}),
    "approve": (approve, {S.ADMIN_REVIEW: S.COMPLETED}),
    "schedule": (lambda order: approve(order, publish_at=timezone.now() + LATER), {S.ADMIN_REVIEW: S.SCHEDULED}),
    "reject": (
        lambda order: decisions.reject(order_id=order.pk, note=NOTES, staff=make_staff()),
        {S.ADMIN_REVIEW: S.QUALITY_CHECK},
    ),
    "rework": (
        lambda order: revisions.rework(order_id=order.pk, note=NOTES, staff=make_staff()),
        {S.ADMIN_REVIEW: S.PROCESSING, S.QUALITY_CHECK: S.PROCESSING},
    ),
    "fail_finally": (
        lambda order: decisions.fail_finally(order_id=order.pk, note=NOTES, staff=make_staff()),
        {S.ADMIN_REVIEW: S.FAILED, S.QUALITY_CHECK: S.FAILED},
    ),
    "publish": (
        lambda order: scheduling.publish_now(order_id=order.pk, actor=Actor("staff", "1")),
        {S.SCHEDULED: S.COMPLETED},
    ),
    "reschedule": (
        lambda order: scheduling.reschedule(
            order_id=order.pk, publish_at=timezone.now() + 2 * LATER, staff=make_staff()
        ),
        {S.SCHEDULED: S.SCHEDULED},
    ),
    "unschedule": (
        lambda order: scheduling.unschedule(order_id=order.pk, staff=make_staff()),
        {S.SCHEDULED: S.ADMIN_REVIEW},
    ),
    "cancel": (
        lambda order: cancelling.cancel(order_id=order.pk, actor=CUSTOMER),
        {stage: S.CANCELLED for stage in S if stage not in (S.COMPLETED, S.FAILED, S.CANCELLED)},
    ),
    "cancel by staff": (
        lambda order: cancelling.cancel(order_id=order.pk, actor=Actor("staff", "1")),
        {stage: S.CANCELLED for stage in S if stage not in (S.COMPLETED, S.FAILED, S.CANCELLED)},
    ),
    "requeue": (
        lambda order: requeueing.requeue(order_id=order.pk, staff=make_staff()),
        {S.FAILED: S.PROCESSING},
    ),
    "change_priority": (
        lambda order: priorities.change_priority(order_id=order.pk, priority=Priority.VIP, staff=make_staff()),
        {stage: stage for stage in S if stage not in (S.COMPLETED, S.CANCELLED)},
    ),
}
# What these do where they are allowed needs no audit row: it changes nothing.
IDLE = {("submit_for_review", S.ADMIN_REVIEW), ("unclaim", S.ADMIN_REVIEW)}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("stage", list(S))
def test_each_action_is_allowed_or_changes_no_row(stage, action):
    order = fresh(STAGES[stage]())
    assert order.status == stage
    make_staff()
    take, allowed = ACTIONS[action]
    before = snapshot()
    if stage not in allowed:
        with pytest.raises(Conflict) as refusal:
            take(order)
        assert refusal.value.status == stage
        assert snapshot() == before
        return
    take(order)
    assert fresh(order).status == allowed[stage]
    new = snapshot()["OrderEvent"][len(before["OrderEvent"]) :]
    assert bool(new) == ((action, stage) not in IDLE)


STEPS: dict[str, Callable[[Order], object]] = {name: take for name, (take, _) in ACTIONS.items()} | {
    "pay": lambda order: confirm_payment(order_id=order.pk, receipt=receipt(order), actor=CUSTOMER),
    "expire": lambda order: expire_payment(order_id=order.pk, actor=SYSTEM),
    "finish": lambda order: finish(order) if _has_line(order) else None,
    "give up": lambda order: exhaust(running(order)) if _has_line(order) else None,
    "call a refund off": lambda order: _by_hand(refunding.call_off, refunding.can_be_called_off(order), order),
    "pay a refund by hand": lambda order: _by_hand(
        refunding.mark_paid_out, refunding.can_be_paid_by_hand(order), order
    ),
    "refund a part": lambda order: refunding.refund(order_id=order.pk, staff=make_staff(), amount=700),
}
# Actions that end a life early are drawn less often, so that most lives are long.
WEIGHTS = {"cancel": 0.2, "cancel by staff": 0.1, "expire": 0.3, "refund a part": 0.3, "fail_finally": 0.5, "pay": 5}
WEIGHTS |= {"finish": 6, "submit_for_review": 2}
REFUSALS = (Conflict, Superseded, Cancelled, TooMuch)


def _by_hand(act: Callable, refunds: list[Refund], order: Order) -> None:
    if refunds:
        act(order_id=order.pk, refund_id=refunds[0].pk, staff=make_staff(), note="As agreed.")


def _has_line(order: Order) -> bool:
    return Job.objects.filter(pk=order.current_job, state="waiting").exists()


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_an_order_stays_sound(seed):
    chance, order = random.Random(seed), make_order()
    seen = {order.status}
    for _ in range(25):
        name = chance.choices(list(STEPS), [WEIGHTS.get(step, 1) for step in STEPS])[0]
        before = snapshot()
        order = fresh(order)
        try:
            STEPS[name](order)
        except REFUSALS:
            assert snapshot() == before, name
        assert_sound(order, before)
        seen.add(fresh(order).status)
    assert len(seen) > 1


def assert_sound(order: Order, before: dict) -> None:
    after, order = snapshot(), fresh(order)
    assert net(order) >= 0
    assert sum(refund.amount for refund in Refund.objects.exclude(status="canceled")) <= order.amount
    assert Job.objects.open().filter(dedupe_key=f"order:{order.pk}").count() <= 1
    assert order.reviews.filter(decision=Decision.PENDING).count() == (order.status == OrderStatus.ADMIN_REVIEW)
    events = after["OrderEvent"][len(before["OrderEvent"]) :]
    changes = [(event["from_status"], event["to_status"]) for event in events if event["from_status"]]
    was = before["Order"][0]["status"]
    assert len(changes) == (was != order.status), (was, order.status, changes)
    if changes:
        assert changes == [(was, order.status)]
    if {**before["Order"][0], "updated_at": 0} != {**after["Order"][0], "updated_at": 0}:
        assert events
    assert [event["id"] for event in after["OrderEvent"]][: len(before["OrderEvent"])] == [
        event["id"] for event in before["OrderEvent"]
    ]
