"""What staff do by hand about payments that do not count, and about refunds that nobody pays out."""

import pytest

from orders.actors import SYSTEM
from orders.models import Mail, Order, Refund, RefundStatus
from orders.payments import balance
from orders.payments.confirm import confirm_outside, confirm_payment
from orders.payments.refunds import request_refund
from tests.orders.admin.pages import NOTE, address, press, rows, staff_with, told
from tests.orders.builders import deliver, make_batch, make_order, make_paid_order, receipt, session_event
from tests.orders.payments.paying_back import paid_out
from tests.orders.stages import cancelled, fresh, given_up

pytestmark = pytest.mark.django_db


def held(amount: int = 4800, **truth) -> Order:
    """Another sum than the price came."""
    order = make_order()
    confirm_payment(order_id=order.pk, receipt=receipt(order, amount=amount, **truth), actor=SYSTEM)
    return fresh(order)


def by_hand() -> Order:
    """Paid by bank transfer and cancelled: nobody but staff can send the money back."""
    order = make_order()
    confirm_outside(order_id=order.pk, actor=SYSTEM, note="Bank transfer.")
    request_refund(payment=order.payments.get(status="confirmed"), reason="staff", actor=SYSTEM)
    return fresh(order)


def audit(order: Order, action: str) -> tuple[str, str]:
    event = order.events.get(action=action)
    return event.actor_kind, event.note


def test_a_held_payment_is_sent_back_and_the_order_still_waits_for_its_price(admin_client):
    order = held()
    assert "$48.00" in admin_client.get(address(order, "refund")).content.decode()
    assert "$48.00 of order" in told(press(admin_client, order, "refund", amount="48.00"))
    refund = Refund.objects.get()
    assert (refund.amount, refund.status, refund.payment.status) == (4800, RefundStatus.REQUESTED, "held")
    assert audit(order, "refund_requested") == ("staff", NOTE)
    assert paid_out(refund).status == RefundStatus.SUCCEEDED
    assert fresh(order).status == "PENDING_PAYMENT"
    assert (
        address(order, "take_held") not in admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    )
    assert "Nothing was changed." in told(press(admin_client, order, "take_held"))


def test_a_held_payment_in_another_currency_goes_back_in_its_own(admin_client):
    order = held(4900, currency="jpy")
    assert "Amount in JPY" in admin_client.get(address(order, "refund")).content.decode()
    assert "4900 JPY" in told(press(admin_client, order, "refund", amount="4900"))


def test_what_is_not_needed_goes_back_when_its_own_refund_did_not_arrive(admin_client):
    order = make_paid_order()
    again = receipt(order, session_id="", intent_id="pi_second")
    confirm_payment(order_id=order.pk, receipt=again, actor=SYSTEM)
    Refund.objects.update(status=RefundStatus.FAILED)
    surplus = order.payments.get(intent_id="pi_second")
    page = admin_client.get(address(order, "refund")).content.decode()
    assert page.count("$49.00 left") == 2
    press(admin_client, order, "refund", payment_id=str(surplus.pk), amount="49.00")
    assert (balance.remaining(surplus), balance.remaining(order.payments.get(status="confirmed"))) == (0, 4900)
    assert fresh(order).status == "PROCESSING"


def test_a_payment_of_another_order_is_no_choice(admin_client):
    order, other = make_paid_order(), make_paid_order(email="bea@example.com")
    before = rows()
    refused = press(admin_client, order, "refund", payment_id=str(other.payments.get().pk))
    assert "not one of the available choices" in refused.content.decode() and rows() == before


def test_money_that_staff_sent_back_counts_as_returned_once(admin_client):
    order = by_hand()
    assert "is noted as sent" in told(press(admin_client, order, "paid_by_hand"))
    refund, order = Refund.objects.get(), fresh(order)
    assert (refund.status, balance.net(order), order.status) == (RefundStatus.SUCCEEDED, 0, "CANCELLED")
    assert audit(order, "refund_succeeded") == ("staff", NOTE)
    assert Mail.objects.filter(kind="refunded").count() == 1
    before = rows()
    assert "Nothing was changed." in told(press(admin_client, order, "paid_by_hand")) and rows() == before


def test_a_refund_that_is_called_off_is_never_paid_out(admin_client):
    order = given_up()
    refund = Refund.objects.get()
    assert "is called off" in told(press(admin_client, order, "call_off"))
    assert audit(order, "refund_canceled") == ("staff", NOTE)
    assert paid_out(refund).status == RefundStatus.CANCELED
    assert (balance.net(order), Mail.objects.filter(kind="refunded").count()) == (4900, 0)


@pytest.mark.parametrize("status", ["submitted", "pending", "succeeded", "failed", "canceled"])
def test_a_refund_that_was_sent_or_is_over_cannot_be_touched_by_hand(admin_client, status):
    order = cancelled()
    Refund.objects.update(status=status)
    before = rows()
    for name in ("call_off", "paid_by_hand"):
        assert address(order, name) not in admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
        assert "Nothing was changed." in told(press(admin_client, order, name))
    assert rows() == before


def test_a_refund_that_moved_on_while_somebody_read_is_refused(admin_client, monkeypatch):
    order = given_up()
    monkeypatch.setattr("orders.refunding.can_be_called_off", lambda order: list(Refund.objects.all()))
    Refund.objects.update(status=RefundStatus.SUBMITTED)
    before = rows()
    assert "may have been asked" in told(press(admin_client, order, "call_off")) and rows() == before


@pytest.mark.parametrize("make", [by_hand, given_up, held])
@pytest.mark.parametrize("note", ["", "  ", "\u200b", "x" * 4001])
def test_each_of_them_needs_a_note_that_says_something(admin_client, make, note):
    order = make()
    names = {"by_hand": ["paid_by_hand", "call_off"], "given_up": ["call_off"], "held": ["take_held", "paid_outside"]}
    before = rows()
    for name in names[make.__name__]:
        refused = press(admin_client, order, name, note=note)
        assert refused.status_code == 200 and "errorlist" in refused.content.decode(), name
    assert rows() == before


def test_a_limit_holds_for_a_payment_that_does_not_count_as_well(settings):
    settings.REFUND_LIMIT = 2000
    client, order = staff_with("refund"), held()
    before = rows()
    assert "$20.00" in press(client, order, "refund", amount="48.00").content.decode()
    assert rows() == before
    assert "$12.50" in told(press(client, order, "refund", amount="12.50"))


def test_asking_again_makes_the_refund_of_a_payment_that_does_not_count_once(admin_client):
    order = held()
    for _ in range(2):
        press(admin_client, order, "refund", amount="48.00")
    refund = Refund.objects.get()
    paid_out(refund)
    assert balance.returned(order.payments.get()) == 4800


def test_the_event_that_paid_for_several_orders_is_seen_at_each(admin_client, client):
    orders = make_batch(4900, 2900)
    paid = session_event(orders[0], amount_total=7800)
    deliver(client, paid)
    for order in orders:
        page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
        assert "checkout.session.completed" in page and order.amount_text in page
