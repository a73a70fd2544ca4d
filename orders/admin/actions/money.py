"""Money by staff's hand."""

from orders import rechecking, refunding
from orders.admin.actions.base import StaffAction, actor_of
from orders.admin.forms import CallOffForm, NoteForm, PaidByHandForm, RefundForm
from orders.models import Order, Payment, PaymentStatus
from orders.payments import balance
from orders.payments.confirm import accept_held, awaits_payment, confirm_outside
from orders.rights import REFUND
from orders.transitions import Conflict


def refund(order: Order, staff, *, payment_id, amount, note) -> str:
    asked = refunding.refund(order_id=order.pk, staff=staff, amount=amount, note=note, payment_id=payment_id)
    return f"{asked.amount_text} of order {order} go back."


def paid_by_hand(order: Order, staff, *, refund_id, note) -> str:
    sent = refunding.mark_paid_out(order_id=order.pk, refund_id=refund_id, staff=staff, note=note)
    return f"The refund of {sent.amount_text} is noted as sent; the customer is told."


def call_off(order: Order, staff, *, refund_id, note) -> str:
    off = refunding.call_off(order_id=order.pk, refund_id=refund_id, staff=staff, note=note)
    return f"The refund of {off.amount_text} is called off."


def paid_outside(order: Order, staff, *, note) -> str:
    outcome = confirm_outside(order_id=order.pk, actor=actor_of(staff), note=note)
    return f"Order {order}: the payment is {outcome}."


def take_held(order: Order, staff, *, note) -> str:
    payment = _held(order)
    if payment is None or not accept_held(payment=payment, actor=actor_of(staff), note=note):
        raise Conflict("take_held", order.status)
    return f"Order {order} is paid; the writing begins."


def recheck(order: Order, staff) -> str:
    rechecking.ask(order_id=order.pk, staff=staff)
    return f"The payment provider is asked about order {order}. What it says is on this page in a few seconds."


def _held(order: Order) -> Payment | None:
    """A payment of another sum of which nothing goes back."""
    held = order.payments.filter(status=PaymentStatus.HELD).prefetch_related("refunds")
    return next((payment for payment in held if balance.remaining(payment) == payment.amount), None)


ACTIONS = [
    StaffAction(
        "recheck",
        "Recheck at the payment provider",
        "A job asks the provider whether the open checkout was paid, and what became of refunds.",
        recheck,
        right=REFUND,
        offered=rechecking.can_be_asked,
    ),
    StaffAction(
        "take_held",
        "Accept the other sum",
        "What was paid is not the price. It counts as if it were, and the writing begins. The note says why.",
        take_held,
        NoteForm,
        REFUND,
        offered=lambda order: awaits_payment(order) and _held(order) is not None,
    ),
    StaffAction(
        "paid_outside",
        "Paid outside",
        "You have seen the whole price arrive in another way, by bank transfer say. The writing begins, and the "
        "customer gets a receipt. The note says how the money came.",
        paid_outside,
        NoteForm,
        REFUND,
        offered=awaits_payment,
        is_open=True,
    ),
    StaffAction(
        "refund",
        "Refund",
        "The amount goes back the way it came. When nothing is left of what paid for the order, it is cancelled unless "
        "it is published.",
        refund,
        RefundForm,
        REFUND,
        offered=lambda order: bool(refunding.refundable(order)),
        look="danger",
    ),
    StaffAction(
        "paid_by_hand",
        "Sent back by hand",
        "You have sent this money back yourself. It counts as returned, and the customer gets a mail. Recheck first: "
        "the provider may have sent it after all. The note says how it was sent.",
        paid_by_hand,
        PaidByHandForm,
        REFUND,
        offered=lambda order: bool(refunding.can_be_paid_by_hand(order)),
    ),
    StaffAction(
        "call_off",
        "Call a refund off",
        "Nothing goes back by this refund, and the customer sees that it was called off. The note says why.",
        call_off,
        CallOffForm,
        REFUND,
        offered=lambda order: bool(refunding.can_be_called_off(order)),
        look="danger",
    ),
]
