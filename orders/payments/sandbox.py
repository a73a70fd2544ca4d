"""The built-in payment provider: takes no money, but speaks as Stripe does.

Paying or declining builds an event of Stripe's shape, signs it as Stripe would and posts it over HTTP to our
own webhook, so that the sandbox and production share every line behind that door.
"""

import base64
import json
import secrets
import time
import urllib.error
import urllib.request

import stripe
from django.conf import settings
from django.utils.crypto import salted_hmac

from orders.models import Payment, Refund, RefundStatus
from orders.payments import balance
from orders.payments.base import Checkout, ProviderRefused, RefundNews, Standing
from orders.payments.shares import of_checkout

TIMEOUT = 10  # seconds


class NotDelivered(Exception):
    """The event did not reach our own webhook; nothing was paid and the customer may try again."""


class Sandbox:
    name = "sandbox"
    livemode = False
    remote = False

    def open_checkout(self, payments: list[Payment]) -> Checkout:
        # Whoever knows the address may pay, so nobody can guess it.
        named = "".join(str(payment.pk) for payment in payments)
        digest = salted_hmac("orders.sandbox", named, algorithm="sha256").digest()
        return Checkout("cs_test_" + base64.urlsafe_b64encode(digest[:24]).decode())

    def checkout_url(self, payment: Payment) -> str:
        return _url(payment.session_id) if payment.session_id else ""

    def close_checkout(self, payment: Payment) -> None:
        """Its page shows no buttons for an order that is not waiting for its payment."""

    def standing(self, payment: Payment) -> Standing:
        """Nobody has paid here but by an event, and those that were not delivered are no payments."""
        return Standing()

    def pay_back(self, refund: Refund) -> RefundNews:
        """Says yes at once. Our own rows are its books, and they know no other refunds than ours."""
        if not refund.provider_id and refund.amount > balance.paid(refund.payment) - balance.accepted(refund.payment):
            raise ProviderRefused("The sandbox sends no more back than was paid.")
        return _news(refund)

    def refunds(self, payment: Payment) -> list[RefundNews]:
        return [_news(refund) for refund in payment.refunds.exclude(provider_id="")]


def pay(payment: Payment) -> None:
    """Pays with the test card that works. Returns when our webhook has answered; raises NotDelivered."""
    _deliver(
        "checkout.session.completed",
        {
            "id": payment.session_id,
            "object": "checkout.session",
            "amount_total": due(payment),
            "currency": payment.currency,
            "status": "complete",
            "payment_status": "paid",
            "payment_intent": intent_id(payment),
            "client_reference_id": str(payment.order_id),
            "livemode": False,
            "metadata": {"order_id": str(payment.order_id), "payment_id": str(payment.pk)},
        },
    )


def decline(payment: Payment) -> None:
    """Tries the test card that is declined. Returns when our webhook has answered; raises NotDelivered."""
    _deliver(
        "payment_intent.payment_failed",
        {
            "id": intent_id(payment),
            "object": "payment_intent",
            "amount": due(payment),
            "amount_received": 0,
            "currency": payment.currency,
            "status": "requires_payment_method",
            "last_payment_error": {"code": "card_declined", "message": "Your card was declined."},
            "livemode": False,
            "metadata": {"order_id": str(payment.order_id), "payment_id": str(payment.pk)},
        },
    )


def due(payment: Payment) -> int:
    """What is paid in this payment's checkout: the shares of all its orders."""
    return sum(share.amount for share in of_checkout(payment))


def intent_id(payment: Payment) -> str:
    """The same for every try of one payment, as at Stripe: paying twice by a double click is one payment."""
    return f"pi_test_{payment.pk.hex}"


def _news(refund: Refund) -> RefundNews:
    return RefundNews(
        provider_id=f"re_test_{refund.pk.hex}",
        status=RefundStatus.SUCCEEDED,
        amount=refund.amount,
        currency=refund.payment.currency,
        intent_id=refund.payment.intent_id,
        refund_id=str(refund.pk),
    )


def _url(session_id: str) -> str:
    # The session id is the key to the page, as in the addresses of Stripe's own checkout.
    return f"{settings.PUBLIC_URL}/checkout/{session_id}"


def _deliver(event_type: str, data: dict) -> None:
    now = int(time.time())
    body = json.dumps(
        {
            "id": f"evt_test_{secrets.token_hex(12)}",
            "object": "event",
            "api_version": stripe.api_version,
            "created": now,
            "livemode": False,
            "type": event_type,
            "data": {"object": data},
        }
    )
    signature = stripe.WebhookSignature.generate_signature_header(body, settings.STRIPE_WEBHOOK_SECRETS[0], now)
    request = urllib.request.Request(  # noqa: S310  settings.py allows no other scheme than http(s)
        f"{settings.PUBLIC_URL}/webhooks/stripe",
        data=body.encode(),
        headers={"Content-Type": "application/json", "Stripe-Signature": signature},
    )
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT):  # noqa: S310
            return
    except urllib.error.HTTPError as error:
        raise NotDelivered(f"The webhook at {request.full_url} answered {error.code}.") from error
    except OSError as error:
        raise NotDelivered(f"The webhook at {request.full_url} could not be reached: {error}.") from error
