"""The same client against a server that is not ours, and its own signed events at our door.

localstripe takes every refund and ignores idempotency keys: what it proves is that we ask the way Stripe's API is
asked, and that one refund stays one without those keys. Refusals are tested in test_stripe.py.
"""

import json
import urllib.request

import pytest
import stripe

from orders.models import Payment, StripeEvent
from orders.payments import balance
from orders.payments.base import Standing
from orders.payments.stripe import Stripe
from tests.orders.builders import make_order
from tests.orders.payments.outside_stripe import KEY, OutsideStripe
from tests.orders.payments.paying_back import paid_out, paid_payment, requested
from tests.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "whsec_outside"


@pytest.fixture
def api(settings, live_server):
    """Stripe's client for what a customer does there; the product uses the same server."""
    with OutsideStripe() as outside:
        yield client(outside, settings, live_server)


def client(outside: OutsideStripe, settings, live_server) -> stripe.StripeClient:
    settings.PAYMENTS, settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "stripe", KEY, outside.url
    settings.STRIPE_WEBHOOK_SECRETS = [SECRET]
    hook = {"url": f"{live_server.url}/webhooks/stripe", "secret": SECRET, "events": ["payment_intent.succeeded"]}
    body, kind = json.dumps(hook).encode(), {"Content-Type": "application/json"}
    urllib.request.urlopen(urllib.request.Request(f"{outside.url}/_config/webhooks/ours", body, kind)).close()
    return stripe.StripeClient(KEY, base_addresses={"api": outside.url}, max_network_retries=0)


def pay(api: stripe.StripeClient, payment: Payment) -> str:
    wish = {"amount": payment.amount, "currency": payment.currency, "payment_method": "pm_card_visa", "confirm": True}
    return api.v1.payment_intents.create(wish | {"metadata": {"order_id": str(payment.order_id)}}).id


def test_its_signed_event_pays_the_order_which_can_be_looked_up_and_refunded_once(api):
    order = make_order()
    intent_id = pay(api, order.payments.get())
    wait_until(lambda: StripeEvent.objects.filter(status="processed").exists())
    order.refresh_from_db()
    payment = paid_payment(order)
    assert (order.status, payment.intent_id) == ("PROCESSING", intent_id)

    receipt = Stripe().standing(Payment(intent_id=intent_id)).receipt
    assert (receipt.intent_id, receipt.amount, receipt.currency) == (intent_id, 4900, "usd")
    unpaid = api.v1.payment_intents.create({"amount": 4900, "currency": "usd"}).id
    assert Stripe().standing(Payment(intent_id=unpaid)) == Standing()

    refund = requested(order, 900)
    assert paid_out(refund).status == "succeeded"
    again = Stripe().pay_back(refund)
    assert again.provider_id == refund.provider_id
    assert [news.refund_id for news in Stripe().refunds(payment)] == [str(refund.pk)]
    assert balance.net(order) == 4000
