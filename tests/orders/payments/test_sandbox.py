"""The sandbox speaks as Stripe does: real events, over HTTP, to our own webhook."""

import pytest

from orders.models import Payment, PaymentStatus, StripeEvent
from orders.payments import sandbox
from tests.orders.builders import make_order


@pytest.fixture
def payment(live_server, settings, transactional_db) -> Payment:
    settings.PUBLIC_URL = live_server.url
    return make_order().payments.get()


def test_paying_sends_a_signed_event_that_our_webhook_believes(payment):
    sandbox.pay(payment)
    payment.refresh_from_db()
    payment.order.refresh_from_db()
    row = StripeEvent.objects.get()
    assert (payment.status, payment.order.status) == (PaymentStatus.CONFIRMED, "PROCESSING")
    assert (row.type, row.outcome, row.payload["livemode"]) == ("checkout.session.completed", "paid", False)


def test_paying_twice_is_one_payment(payment):
    sandbox.pay(payment)
    sandbox.pay(payment)
    assert sorted(StripeEvent.objects.values_list("outcome", flat=True)) == ["already", "paid"]
    assert Payment.objects.count() == 1


def test_a_declined_card_leaves_the_order_open_for_another_try(payment):
    sandbox.decline(payment)
    payment.refresh_from_db()
    assert (payment.status, payment.failure) == (PaymentStatus.FAILED, "Your card was declined.")
    assert payment.order.status == "PENDING_PAYMENT"
    sandbox.pay(payment)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CONFIRMED


def test_a_refused_event_is_said_to_be_undelivered(payment, settings):
    settings.PUBLIC_URL += "/elsewhere"
    with pytest.raises(sandbox.NotDelivered, match="answered 404"):
        sandbox.pay(payment)
    payment.refresh_from_db()
    assert payment.status == PaymentStatus.CREATED


def test_a_server_that_is_away_is_said_to_be_unreachable(payment, settings, unused_tcp_port):
    settings.PUBLIC_URL = f"http://127.0.0.1:{unused_tcp_port}"
    with pytest.raises(sandbox.NotDelivered, match="could not be reached"):
        sandbox.pay(payment)


@pytest.fixture
def unused_tcp_port() -> int:
    """A port that was free a moment ago."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
