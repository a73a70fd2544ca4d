"""What Stripe's events say about money that goes back: refunds, ours or not, and disputes. Database work only."""

from dataclasses import replace

from orders.actors import Actor
from orders.models import Order, OrderEvent, Payment, Refund, RefundReason, RefundStatus
from orders.payments import balance, stripe_objects
from orders.payments.confirm import Outcome
from orders.payments.shares import locked_batch, of_intent
from orders.payments.spreading import note_news
from orders.transitions import flag_all, record_all
from queues.services import enqueue


def payment_of(content: dict) -> Payment:
    """The payment whose intent a refund, a charge or a dispute names. Raises Order.DoesNotExist."""
    intent_id = stripe_objects.identity(content.get("payment_intent"))
    same = Payment.objects.filter(intent_id=intent_id).select_related("order").order_by("part")
    payment = same.first() if intent_id else None
    if payment is None:
        raise Order.DoesNotExist(f"No payment of ours has the intent {intent_id!r}.")
    return payment


def _refund(payment: Payment, content: dict, actor: Actor) -> Outcome:
    noted = note_news(payment=payment, news=stripe_objects.of_refund(content), actor=actor)
    return Outcome.REFUND if noted else Outcome.MISMATCH


def _charge_refunded(payment: Payment, charge: dict, actor: Actor) -> Outcome:
    """The sum only: when we know of less than that, a job asks for the list."""
    locked_batch(payment.order_id)
    known = sum(balance.accepted(share) for share in of_intent(payment))
    if stripe_objects.amount(charge.get("amount_refunded")) <= known:
        return Outcome.ALREADY
    ask_for_refunds(payment)
    return Outcome.CHECKING


def ask_for_refunds(payment: Payment) -> None:
    """Asks for a job that compares our refunds of the payment with the provider's."""
    enqueue("orders.check_refunds", args={"payment_id": str(payment.pk)}, dedupe_key=f"refunds:{payment.pk}")


def _dispute(payment: Payment, dispute: dict, actor: Actor) -> Outcome:
    """Opened, answered, closed: a note and the staff's list. The money moves by events of its own."""
    locked_batch(payment.order_id)
    state, why = stripe_objects.text(dispute.get("status")), stripe_objects.text(dispute.get("reason"))
    note = f"The customer's bank disputes the payment ({why or 'no reason given'}): {state or 'no state given'}."
    orders = [share.order for share in of_intent(payment)]
    data = {"dispute": stripe_objects.identity(dispute.get("id"))}
    events = [OrderEvent(order=order, action="dispute", note=note, data=data) for order in orders]
    record_all(events, actor=actor)
    flag_all([(order, note) for order in orders])
    return Outcome.DISPUTE


def _funds_withdrawn(payment: Payment, dispute: dict, actor: Actor) -> Outcome:
    return _disputed_money(payment, dispute, RefundStatus.SUCCEEDED, actor)


def _funds_reinstated(payment: Payment, dispute: dict, actor: Actor) -> Outcome:
    return _disputed_money(payment, dispute, RefundStatus.CANCELED, actor)


def _disputed_money(payment: Payment, dispute: dict, status: RefundStatus, actor: Actor) -> Outcome:
    """What the bank took back counts as returned, as far as it had not been returned before."""
    locked_batch(payment.order_id)
    news = replace(stripe_objects.of_refund(dispute), status=status, refund_id="", failure="")
    if not Refund.objects.filter(provider_id=news.provider_id).exists():
        left = sum(balance.paid(share) - balance.accepted(share) for share in of_intent(payment))
        if not left:
            return _dispute(payment, dispute, actor)
        news = replace(news, amount=min(news.amount, left))
    noted = note_news(payment=payment, news=news, actor=actor, reason=RefundReason.DISPUTE)
    return Outcome.DISPUTE if noted else Outcome.MISMATCH


HANDLERS = {
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
    "charge.refund.updated": _refund,
    "charge.refunded": _charge_refunded,
    "charge.dispute.created": _dispute,
    "charge.dispute.updated": _dispute,
    "charge.dispute.closed": _dispute,
    "charge.dispute.funds_withdrawn": _funds_withdrawn,
    "charge.dispute.funds_reinstated": _funds_reinstated,
}
