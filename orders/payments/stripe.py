"""Stripe: hosted checkout, and refunds that are made once. Events are read in events.py, not here."""

import datetime
import functools
import hashlib
from collections.abc import Callable
from typing import Any

import stripe
from django.conf import settings
from django.db import connection

from orders.models import Payment, Refund
from orders.payments import stripe_objects
from orders.payments.base import Checkout, ProviderAway, ProviderRefused, RefundNews, Standing
from queues.running import give_back_connection

CONNECT_TIMEOUT, READ_TIMEOUT = 5, 20  # seconds
# Stripe takes 24 hours at most, counted by its own clock.
OPEN_FOR = datetime.timedelta(hours=23, minutes=50)
# No answer to the question itself: the key, the limits or Stripe have to change first.
NO_VERDICT = (401, 403, 409, 429)


@functools.lru_cache(maxsize=4)
def client(key: str, api_base: str) -> stripe.StripeClient:
    """Repeats nothing by itself: the queue does, with keys of ours that outlive one process."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": api_base},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT, READ_TIMEOUT)),
    )


class Stripe:
    name = "stripe"
    remote = True

    @property
    def livemode(self) -> bool:
        return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))

    def open_checkout(self, payments: list[Payment]) -> Checkout:
        session = _ask(lambda api: api.checkout.sessions.create(_session(payments), _once(_key(payments))))
        return Checkout(session["id"], session["url"])

    def checkout_url(self, payment: Payment) -> str:
        return payment.checkout_url

    def close_checkout(self, payment: Payment) -> None:
        session = _ask(lambda api: api.checkout.sessions.retrieve(payment.session_id))
        if session.get("status") == "open":
            _ask(lambda api: api.checkout.sessions.expire(payment.session_id))

    def standing(self, payment: Payment) -> Standing:
        if not payment.session_id:
            return self._standing_of_intent(payment.intent_id)
        session = _ask(lambda api: api.checkout.sessions.retrieve(payment.session_id))
        if session.get("payment_status") == "paid":
            return Standing(stripe_objects.of_session(session))
        return Standing(expired=session.get("status") == "expired")

    def _standing_of_intent(self, intent_id: str) -> Standing:
        intent = _ask(lambda api: api.payment_intents.retrieve(intent_id))
        if intent.get("status") == "succeeded":
            return Standing(stripe_objects.of_intent(intent))
        return Standing(expired=intent.get("status") == "canceled")

    def pay_back(self, refund: Refund) -> RefundNews:
        # Looked for first, because Stripe forgets idempotency keys after a day and our process may have been
        # killed between Stripe's yes and our note of it.
        for news in self.refunds(refund.payment):
            if news.refund_id == str(refund.pk):
                return news
        wish = {
            "payment_intent": refund.payment.intent_id,
            "amount": refund.amount,
            "metadata": {"refund_id": str(refund.pk), "order_id": str(refund.payment.order_id)},
        }
        return stripe_objects.of_refund(_ask(lambda api: api.refunds.create(wish, _once(f"refund-{refund.pk}"))))

    def refunds(self, payment: Payment) -> list[RefundNews]:
        wanted = {"payment_intent": payment.intent_id, "limit": 100}
        found = _ask(lambda api: {"all": list(api.refunds.list(wanted).auto_paging_iter())})
        return [stripe_objects.of_refund(refund.to_dict()) for refund in found["all"]]


def _key(payments: list[Payment]) -> str:
    """The same for the same payments. Several are asked for under another key when one of them falls away."""
    if len(payments) == 1:
        return f"checkout-{payments[0].pk}"
    digest = hashlib.sha256("".join(str(payment.pk) for payment in payments).encode())
    return f"checkout-{digest.hexdigest()[:32]}"


def _session(payments: list[Payment]) -> dict[str, Any]:
    """One checkout of all `payments`; the first of them and its order stand for all in what Stripe tells us."""
    payment, order = payments[0], payments[0].order
    page = f"{settings.PUBLIC_URL}/order-status/{order.pk}"
    ours = {"order_id": str(order.pk), "payment_id": str(payment.pk)}
    codes = ", ".join(each.order.code for each in payments)
    return {
        "mode": "payment",
        "line_items": [{"quantity": 1, "price_data": _item(each)} for each in payments],
        "client_reference_id": str(order.pk),
        "customer_email": order.email,
        "metadata": ours,
        "payment_intent_data": {"metadata": ours, "description": f"Order {codes}"},
        "expires_at": int((payment.created_at + OPEN_FOR).timestamp()),
        # Without the customer's token: what is sent to Stripe is stored there.
        "success_url": f"{page}?paid=1",
        "cancel_url": page,
    }


def _item(payment: Payment) -> dict[str, Any]:
    return {
        "currency": payment.currency,
        "unit_amount": payment.amount,
        "product_data": {"name": f"{payment.order.product.name}, order {payment.order.code}"},
    }


def _once(key: str) -> dict[str, str]:
    return {"idempotency_key": key}


def _ask(question: Callable[[Any], Any]) -> dict[str, Any]:
    """Stripe's answer as a plain dict; no database connection is held while it is waited for."""
    if connection.in_atomic_block:
        raise RuntimeError("Stripe was asked inside an open transaction; ask before or after it.")
    give_back_connection()
    try:
        answer = question(client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE).v1)
    except stripe.StripeError as error:
        raise _meaning(error) from error
    return answer if isinstance(answer, dict) else answer.to_dict()


def _meaning(error: stripe.StripeError) -> ProviderAway | ProviderRefused:
    """Our error for Stripe's. Its own words about keys are left out: they quote them."""
    status = error.http_status
    if status is None:
        return ProviderAway("Stripe could not be reached.")
    words = f"Stripe answered {status} ({error.code or type(error).__name__})."
    if status >= 500 or status in NO_VERDICT:
        after = (error.headers or {}).get("retry-after", "")
        return ProviderAway(words, retry_after=float(after) if after.isdecimal() else None)
    return ProviderRefused(f"{words} {error.user_message or ''}".strip()[:200])
