"""Staff have the provider asked: about open checkouts and refunds that nobody has an answer for."""

import pytest

from orders import rechecking
from orders.models import Refund
from orders.transitions import Conflict
from queues.models import Job
from tests.orders.builders import make_order, make_paid_order
from tests.orders.stages import cancelled, make_staff, snapshot

pytestmark = pytest.mark.django_db


def jobs(kind: str) -> int:
    return Job.objects.filter(kind=kind).count()


def test_an_open_checkout_is_asked_about_once_however_often_it_is_pressed():
    order = make_order()
    order.payments.update(checkout_url="https://checkout.stripe.com/c/pay/cs_1")
    rechecking.ask(order_id=order.pk, staff=make_staff())
    rechecking.ask(order_id=order.pk, staff=make_staff())
    assert jobs("orders.check_payment") == 1 and order.events.filter(action="recheck_asked").count() == 2


def test_a_refund_that_needs_staff_is_asked_for_again():
    order = cancelled()
    Job.objects.filter(kind="orders.pay_refund").update(state="failed")
    Refund.objects.update(status="needs_manual")
    rechecking.ask(order_id=order.pk, staff=make_staff())
    assert jobs("orders.pay_refund") == 2


def test_what_nobody_else_knows_is_not_asked_about():
    order = make_paid_order()
    before = snapshot()
    with pytest.raises(Conflict) as refused:
        rechecking.ask(order_id=order.pk, staff=make_staff())
    assert refused.value.code == "nothing_open" and snapshot() == before
