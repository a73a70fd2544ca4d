"""Every pair of state and action, the guards, and the audit trail."""

import uuid

import pytest
from django.db import connection, transaction

from orders.actors import Actor
from orders.models import Order, OrderEvent
from orders.states import TRANSITIONS, WORKER_ACTIONS, CancelReason, OrderStatus, allowed_actions
from orders.transitions import Conflict, record, transition
from queues.errors import Superseded
from tests.orders.builders import make_order

STAFF = Actor("staff", "7")
JOB = uuid.uuid4()
PAIRS = [(status, action) for status in OrderStatus for action in TRANSITIONS]


def order_in(status: str, **fields) -> Order:
    order = make_order()
    reason = CancelReason.PAYMENT_EXPIRED if status == OrderStatus.CANCELLED else ""
    Order.objects.filter(pk=order.pk).update(**{"status": status, "current_job": JOB, "cancel_reason": reason} | fields)
    order.refresh_from_db()
    return order


def snapshot(order: Order) -> tuple:
    return Order.objects.filter(pk=order.pk).values().get(), OrderEvent.objects.count()


def take(order: Order, action: str, **options) -> Order:
    job_id = JOB if action in WORKER_ACTIONS else None
    return transition(order_id=order.pk, action=action, **{"actor": STAFF, "job_id": job_id} | options)


@pytest.mark.django_db
@pytest.mark.parametrize(("status", "action"), PAIRS)
def test_each_pair_is_allowed_by_the_table_or_refused_without_a_trace(status, action):
    order = order_in(status)
    before = snapshot(order)
    sources, target = TRANSITIONS[action]
    if status not in sources:
        with pytest.raises(Conflict) as refusal:
            take(order, action)
        assert (refusal.value.status, refusal.value.allowed) == (status, allowed_actions(status))
        assert snapshot(order) == before
        return
    changed = take(order, action, note="why")
    order.refresh_from_db()
    assert changed.status == order.status == target
    row = order.events.last()
    assert (row.action, row.from_status, row.to_status, row.note) == (action, status, target, "why")
    assert (row.actor_kind, row.actor_id) == ("staff", "7")


@pytest.mark.django_db
@pytest.mark.parametrize("reason", [reason for reason in CancelReason if reason != CancelReason.PAYMENT_EXPIRED])
def test_only_an_order_that_nobody_paid_is_reopened_by_a_payment(reason):
    order = order_in(OrderStatus.CANCELLED, cancel_reason=reason)
    before = snapshot(order)
    with pytest.raises(Conflict):
        take(order, "payment_confirmed")
    assert snapshot(order) == before


@pytest.mark.django_db
def test_reopening_forgets_why_it_was_cancelled():
    assert take(order_in(OrderStatus.CANCELLED), "payment_confirmed").cancel_reason == ""


@pytest.mark.django_db
@pytest.mark.parametrize("action", sorted(WORKER_ACTIONS))
@pytest.mark.parametrize("job_id", [None, uuid.uuid4()])
def test_a_job_that_the_order_does_not_wait_for_is_superseded(action, job_id):
    order = order_in(OrderStatus.PROCESSING)
    before = snapshot(order)
    with pytest.raises(Superseded):
        take(order, action, job_id=job_id)
    assert snapshot(order) == before


@pytest.mark.django_db
def test_a_job_is_superseded_once_the_order_is_cancelled():
    order = order_in(OrderStatus.PROCESSING)
    take(order, "cancel", current_job=None, cancel_reason=CancelReason.STAFF)
    with pytest.raises(Superseded):
        take(order, "job_done")


@pytest.mark.django_db
def test_fields_are_set_together_with_the_status():
    changed = take(order_in(OrderStatus.PROCESSING), "cancel", current_job=None, cancel_reason=CancelReason.STAFF)
    changed.refresh_from_db()
    assert (changed.status, changed.current_job, changed.cancel_reason) == ("CANCELLED", None, "staff")


@pytest.mark.django_db
def test_a_rollback_takes_the_change_and_its_audit_row_along():
    order = order_in(OrderStatus.PROCESSING)
    before = snapshot(order)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        take(order, "cancel")
        raise ZeroDivisionError
    assert snapshot(order) == before


@pytest.mark.django_db(transaction=True)
def test_nothing_is_changed_outside_of_a_transaction():
    order = order_in(OrderStatus.PROCESSING)
    assert not connection.in_atomic_block
    with pytest.raises(RuntimeError, match="inside a transaction"):
        take(order, "cancel")


@pytest.mark.django_db
def test_an_event_that_changes_nothing_names_no_states():
    row = record(make_order(), "refund_requested", actor=STAFF)
    assert (row.from_status, row.to_status) == ("", "")


@pytest.mark.django_db
def test_audit_rows_are_neither_changed_nor_deleted():
    row = record(make_order(), "noted", actor=STAFF)
    row.note = "something else"
    with pytest.raises(TypeError):
        row.save()
    with pytest.raises(TypeError):
        row.delete()
    assert OrderEvent.objects.get(pk=row.pk).note == ""
