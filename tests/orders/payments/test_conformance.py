"""What every payment backend must do, asked of each: the sandbox, and Stripe's client on loopback."""

import pytest
from django.test import Client

from orders import cancelling, payments, selectors
from orders.actors import CUSTOMER, SYSTEM
from orders.models import Order, Payment, Refund, RefundStatus
from orders.payments import balance, checkouts, reconcile, sandbox
from orders.payments.base import PaymentBackend, ProviderRefused
from orders.payments.checkouts import close_all
from queues.models import Job
from tests.orders.builders import deliver, make_batch, make_order
from tests.orders.payments.paying_back import paid_out, paid_payment, requested

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=sorted(payments.BACKENDS))
def backend(request, settings, live_server) -> PaymentBackend:
    """The backend; `backend.pay(payment)` does what its customer does, and delivers its events."""
    settings.PAYMENTS, settings.PUBLIC_URL = request.param, live_server.url
    found = payments.backend()
    if request.param == "sandbox":
        found.pay = sandbox.pay
        return found
    server = request.getfixturevalue("stripe")
    found.pay = lambda payment: [deliver(Client(), event) for event in server.pay(payment.session_id)]
    return found


def paid_order(backend: PaymentBackend) -> Order:
    order = make_order()
    backend.pay(order.payments.get())
    order.refresh_from_db()
    return order


def test_each_payment_has_a_checkout_of_its_own(backend):
    first, second = make_order().payments.get(), make_order().payments.get()
    assert backend.name == first.provider == second.provider
    assert backend.checkout_url(first) != backend.checkout_url(second)
    assert all(backend.checkout_url(payment).startswith("http") for payment in (first, second))
    assert selectors.payment_by_session(second.session_id) == second
    assert selectors.payment_by_session("") is None
    assert backend.checkout_url(Payment()) == ""


def test_opening_a_checkout_again_gives_the_same_one(backend):
    payment = make_order().payments.get()
    assert backend.open_checkout([payment]).session_id == payment.session_id


def test_test_money_is_not_real(backend):
    assert backend.livemode is False


def test_a_checkout_that_nobody_has_paid_is_open(backend):
    standing = backend.standing(make_order().payments.get())
    assert (standing.receipt, standing.expired) == (None, False)


def test_paying_starts_the_work_once(backend):
    order = paid_order(backend)
    payment = order.payments.get()
    assert (order.status, payment.status) == ("PROCESSING", "confirmed")
    assert payment.intent_id
    assert order.events.filter(action="payment_confirmed").count() == 1
    assert not order.needs_attention


def test_a_closed_checkout_takes_no_money_that_stays(backend):
    order = make_order()
    close_all(order)
    backend.close_checkout(order.payments.get())
    backend.close_checkout(order.payments.get())
    assert backend.standing(order.payments.get()).receipt is None


def test_a_whole_payment_goes_back(backend):
    order = paid_order(backend)
    refund = paid_out(requested(order))
    assert (refund.status, refund.provider_id != "") == (RefundStatus.SUCCEEDED, True)
    assert balance.net(order) == 0


def test_parts_go_back_each_once(backend):
    order = paid_order(backend)
    first, second = requested(order, 1000), requested(order, 500)
    for refund in (first, second, first):
        paid_out(refund)
    assert balance.net(order) == 3400
    known = {news.refund_id: (news.amount, news.status) for news in backend.refunds(paid_payment(order))}
    assert known == {str(first.pk): (1000, "succeeded"), str(second.pk): (500, "succeeded")}


def test_a_refund_that_is_asked_for_again_is_the_same_refund(backend):
    order = paid_order(backend)
    refund = requested(order, 1000)
    once, again = backend.pay_back(refund), backend.pay_back(refund)
    assert once == again
    assert (once.amount, once.currency, once.refund_id) == (1000, "usd", str(refund.pk))


def test_more_than_was_paid_does_not_go_back(backend):
    order = paid_order(backend)
    paid_out(requested(order, 1000))
    greedy = requested(order)
    greedy.amount = 4900
    with pytest.raises(ProviderRefused):
        backend.pay_back(greedy)
    assert len(backend.refunds(paid_payment(order))) == 1


def test_orders_of_one_batch_are_paid_in_one_checkout_and_refunded_each_on_its_own(backend):
    orders = make_batch(4900, 2900, 700)
    payments = [order.payments.get() for order in orders]
    assert len({backend.checkout_url(payment) for payment in payments}) == 1
    assert backend.open_checkout(payments).session_id == payments[2].session_id
    backend.pay(payments[0])
    paid = [Order.objects.get(pk=order.pk).payments.get() for order in orders]
    assert [(row.order.status, row.status, row.amount) for row in paid] == [
        ("PROCESSING", "confirmed", 4900),
        ("PROCESSING", "confirmed", 2900),
        ("PROCESSING", "confirmed", 700),
    ]
    assert len({row.intent_id for row in paid}) == 1 and not any(row.order.needs_attention for row in paid)
    refund = paid_out(requested(orders[1]))
    assert (refund.status, refund.amount) == (RefundStatus.SUCCEEDED, 2900)
    assert [balance.net(order) for order in orders] == [4900, 0, 700]
    assert [Order.objects.get(pk=order.pk).status for order in orders] == ["PROCESSING", "CANCELLED", "PROCESSING"]


def test_an_order_that_leaves_a_shared_checkout_is_not_paid_there(backend, client):
    left, stays = make_batch(4900, 2900)
    shared = stays.payments.get()
    cancelling.cancel(order_id=left.pk, actor=CUSTOMER)
    job = Job.objects.get(kind="orders.close_checkout")
    reconcile.leave_checkout(left.payments.get(pk=job.args["payment_id"]), SYSTEM)
    if not backend.remote:
        assert client.get(backend.checkout_url(shared)).url == f"/order-status/{left.pk}"
    assert checkouts.address(stays) == backend.checkout_url(stays.payments.last()) != backend.checkout_url(shared)
    backend.pay(stays.payments.last())
    assert (balance.net(left), balance.net(stays)) == (0, 2900)
    assert [row.status for row in stays.payments.all()] == ["expired", "confirmed"] and not Refund.objects.exists()
