"""What is found out without events, in the sandbox; test_stripe_orders.py has the same with a Stripe server."""

import pytest

from orders.actors import SYSTEM
from orders.models import PaymentStatus
from orders.payments import checkouts, reconcile
from orders.transitions import Conflict
from tests.factories import running_job
from tests.orders.builders import DAY, aged, make_order, make_paid_order

pytestmark = pytest.mark.django_db


def expired() -> int:
    return reconcile.expire_unpaid(running_job("orders.expire_unpaid", {}))


def test_orders_are_let_go_after_a_day_without_payment():
    old, young, paid = aged(make_order(), DAY * 1.01), aged(make_order(), DAY * 0.99), aged(make_paid_order(), DAY * 2)
    assert expired() == 1
    for order in (old, young, paid):
        order.refresh_from_db()
    assert (old.status, old.cancel_reason) == ("CANCELLED", "payment_expired")
    assert (young.status, paid.status) == ("PENDING_PAYMENT", "PROCESSING")
    assert old.payments.get().status == PaymentStatus.EXPIRED
    assert (old.events.last().action, old.events.last().actor_kind) == ("payment_expired", "system")
    assert expired() == 0


def test_a_paid_order_does_not_expire():
    order = make_paid_order()
    with pytest.raises(Conflict):
        checkouts.expire_payment(order_id=order.pk, actor=SYSTEM)
    assert order.payments.get().status == PaymentStatus.CONFIRMED
