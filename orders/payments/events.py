"""What Stripe's events mean for an order. Database work only: no network, no broker."""

import uuid

from orders.actors import Actor
from orders.models import Order, Payment, PaymentStatus, StripeEvent
from orders.payments.confirm import Outcome, Receipt, confirm_payment
from orders.services import expire_payment
from orders.transitions import Conflict, locked, record


def handle(event: StripeEvent) -> tuple[Order | None, Outcome]:
    """Does what the event asks for; returns the order and what came of it, inside the caller's transaction.

    Raises Order.DoesNotExist when an event of a type that we use names no order of ours.
    """
    handler = HANDLERS.get(event.type)
    content = event.payload["data"]["object"]
    if handler is None:
        return None, Outcome.IGNORED
    order_id = _order_id(content)
    outcome = handler(order_id, content, Actor("provider", event.pk))
    return locked(order_id), outcome


def _order_id(content: dict) -> uuid.UUID:
    metadata = content.get("metadata")
    named = metadata.get("order_id") if isinstance(metadata, dict) else None
    try:
        return uuid.UUID(str(named or content.get("client_reference_id")))
    except ValueError:
        raise Order.DoesNotExist(f"The event names no order: {named!r}") from None


def _session_paid(order_id: uuid.UUID, session: dict, actor: Actor) -> Outcome:
    # Bank debits complete the checkout first and pay days later, by async_payment_succeeded.
    if session.get("payment_status") != "paid":
        return Outcome.IGNORED
    receipt = Receipt(
        intent_id=_text(session.get("payment_intent")),
        session_id=_text(session.get("id")),
        amount=_amount(session.get("amount_total")),
        currency=_text(session.get("currency")),
        livemode=session.get("livemode") is True,
    )
    return confirm_payment(order_id=order_id, receipt=receipt, actor=actor)


def _intent_paid(order_id: uuid.UUID, intent: dict, actor: Actor) -> Outcome:
    receipt = Receipt(
        intent_id=_text(intent.get("id")),
        session_id="",
        amount=_amount(intent.get("amount_received", intent.get("amount"))),
        currency=_text(intent.get("currency")),
        livemode=intent.get("livemode") is True,
    )
    return confirm_payment(order_id=order_id, receipt=receipt, actor=actor)


def _intent_failed(order_id: uuid.UUID, intent: dict, actor: Actor) -> Outcome:
    """Notes the refusal on the order's open payment. One that was confirmed stays confirmed."""
    order = locked(order_id)
    intent_id = _text(intent.get("id"))
    payment = Payment.objects.filter(intent_id=intent_id).first() or order.payments.filter(intent_id="").first()
    still_open = payment and payment.status in (PaymentStatus.CREATED, PaymentStatus.FAILED)
    if not intent_id or not still_open or payment.order_id != order.pk:
        return Outcome.IGNORED
    error = intent.get("last_payment_error")
    payment.status, payment.intent_id = PaymentStatus.FAILED, intent_id
    payment.failure = _text(error.get("message") if isinstance(error, dict) else "")[:200]
    payment.save()
    record(order, "payment_failed", actor=actor, note=payment.failure)
    return Outcome.FAILED


def _session_expired(order_id: uuid.UUID, session: dict, actor: Actor) -> Outcome:
    try:
        expire_payment(order_id=order_id, actor=actor)
    except Conflict:
        return Outcome.IGNORED
    return Outcome.EXPIRED


def _text(value: object) -> str:
    return value[:255] if isinstance(value, str) else ""


def _amount(value: object) -> int:
    """Smallest units; 0, which is nobody's price, for anything that is not a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else 0


HANDLERS = {
    "checkout.session.completed": _session_paid,
    "checkout.session.async_payment_succeeded": _session_paid,
    "checkout.session.expired": _session_expired,
    "payment_intent.succeeded": _intent_paid,
    "payment_intent.payment_failed": _intent_failed,
}
