"""What Stripe's events mean for an order. Database work only: no network, no broker."""

import uuid

from orders.actors import Actor
from orders.models import Order, Payment, PaymentStatus, StripeEvent
from orders.models.payment import PAYABLE
from orders.payments import checkouts, refund_events, stripe_objects
from orders.payments.confirm import Outcome, confirm_payment
from orders.payments.shares import locked_batch, of_checkout
from orders.transitions import locked, record


def handle(event: StripeEvent) -> tuple[Order | None, Outcome]:
    """Does what the event asks for; returns the order and what came of it, inside the caller's transaction.

    Raises Order.DoesNotExist when an event of a type that we use names no order of ours.
    """
    content = event.payload["data"]["object"]
    actor = Actor("provider", event.pk)
    if event.type in refund_events.HANDLERS:
        payment = refund_events.payment_of(content)
        locked_batch(payment.order_id)
        return payment.order, refund_events.HANDLERS[event.type](payment, content, actor)
    handler = HANDLERS.get(event.type)
    if handler is None:
        return None, Outcome.IGNORED
    order_id = stripe_objects.order_id(content)
    if order_id is None:
        raise Order.DoesNotExist("The event names no order.")
    outcome = handler(order_id, content, actor)
    return locked(order_id), outcome


def _session_paid(order_id: uuid.UUID, session: dict, actor: Actor) -> Outcome:
    # Bank debits complete the checkout first and pay days later, by async_payment_succeeded.
    if session.get("payment_status") != "paid":
        return Outcome.IGNORED
    return confirm_payment(order_id=order_id, receipt=stripe_objects.of_session(session), actor=actor)


def _intent_paid(order_id: uuid.UUID, intent: dict, actor: Actor) -> Outcome:
    return confirm_payment(order_id=order_id, receipt=stripe_objects.of_intent(intent), actor=actor)


def _intent_failed(order_id: uuid.UUID, intent: dict, actor: Actor) -> Outcome:
    """Notes the refusal on the order's open payment. One that was confirmed stays confirmed."""
    error = intent.get("last_payment_error")
    reason = stripe_objects.text(error.get("message") if isinstance(error, dict) else "")
    intent_id = stripe_objects.identity(intent.get("id"))
    return _refused(order_id, intent_id, reason, actor, payment_id=stripe_objects.payment_id(intent))


def _session_failed(order_id: uuid.UUID, session: dict, actor: Actor) -> Outcome:
    """A bank debit that did not come; the checkout is over, and the order's page offers another."""
    intent_id, payment_id = stripe_objects.identity(session.get("payment_intent")), stripe_objects.payment_id(session)
    outcome = _refused(order_id, intent_id, "The bank refused.", actor, payment_id=payment_id)
    orders = locked_batch(order_id)
    Payment.objects.filter(
        order__in=orders, session_id=stripe_objects.identity(session.get("id")), status=PaymentStatus.FAILED
    ).update(status=PaymentStatus.EXPIRED)
    return outcome


def _refused(order_id: uuid.UUID, intent_id: str, reason: str, actor: Actor, *, payment_id: str) -> Outcome:
    orders = {order.pk: order for order in locked_batch(order_id)}
    unnamed = orders[order_id].payments.filter(intent_id="")
    payment = Payment.objects.filter(intent_id=intent_id).order_by("part").first()
    payment = payment or unnamed.filter(pk=payment_id or None).first() or unnamed.first()
    if not intent_id or payment is None or payment.status not in PAYABLE or payment.order_id not in orders:
        return Outcome.IGNORED
    for share in of_checkout(payment):
        if share.status in PAYABLE:
            share.status, share.intent_id, share.failure = PaymentStatus.FAILED, intent_id, reason[:200]
            share.save()
            record(orders[share.order_id], "payment_failed", actor=actor, note=share.failure)
    return Outcome.FAILED


def _session_expired(order_id: uuid.UUID, session: dict, actor: Actor) -> Outcome:
    is_over = checkouts.expired(order_id=order_id, session_id=stripe_objects.identity(session.get("id")), actor=actor)
    return Outcome.EXPIRED if is_over else Outcome.IGNORED


HANDLERS = {
    "checkout.session.completed": _session_paid,
    "checkout.session.async_payment_succeeded": _session_paid,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": _session_expired,
    "payment_intent.succeeded": _intent_paid,
    "payment_intent.payment_failed": _intent_failed,
}
