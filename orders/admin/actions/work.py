"""An order on its way: writing it again, moving it in line, ending it, taking it off staff's list."""

from orders import attention, cancelling, priorities, requeueing, reviews
from orders.admin.actions.base import StaffAction, actor_of
from orders.admin.forms import PriorityForm, RemarkForm, RequeueForm
from orders.models import Decision, Order, Priority


def claim(order: Order, staff) -> str:
    reviews.claim(order_id=order.pk, staff=staff)
    return f"You read order {order}. Its customer cannot take it back now."


def take_over(order: Order, staff) -> str:
    reviews.claim(order_id=order.pk, staff=staff, take_over=True)
    return f"You read order {order} now. Whoever did before can decide nothing about it any more."


def unclaim(order: Order, staff) -> str:
    reviews.unclaim(order_id=order.pk, staff=staff)
    return f"Order {order} is free for others to read."


def requeue(order: Order, staff, *, model) -> str:
    requeueing.requeue(order_id=order.pk, staff=staff, model=model)
    return f"Order {order} is back in line; its refund is called off."


def change_priority(order: Order, staff, *, priority) -> str:
    priorities.change_priority(order_id=order.pk, priority=Priority(priority), staff=staff)
    return f"Order {order} has the priority “{Priority(priority).label}” now."


def cancel(order: Order, staff, *, note) -> str:
    cancelling.cancel(order_id=order.pk, actor=actor_of(staff), note=note)
    return f"Order {order} is cancelled. What was paid goes back."


def settle(order: Order, staff, *, note) -> str:
    attention.settle(order_id=order.pk, staff=staff, note=note)
    return f"Order {order} is off the list."


def _waits(order: Order, *, claimed: bool) -> bool:
    return order.reviews.filter(decision=Decision.PENDING, claimed_at__isnull=not claimed).exists()


ACTIONS = [
    StaffAction(
        "claim",
        "Claim",
        "Nobody else reads it meanwhile, and the customer cannot take it back.",
        claim,
        offered=lambda order: _waits(order, claimed=False),
    ),
    StaffAction(
        "take_over",
        "Take it over",
        "Somebody else has claimed it. You read and decide it instead; that you took it over is noted.",
        take_over,
        offered=lambda order: _waits(order, claimed=True),
        is_open=True,
        taken=True,
    ),
    StaffAction(
        "unclaim",
        "Release",
        "Others may read it, and the customer may take it back.",
        unclaim,
        offered=lambda order: _waits(order, claimed=True),
        is_open=True,
        taken=False,
    ),
    StaffAction(
        "settle",
        "Seen to",
        "The order leaves the list of those that need attention.",
        settle,
        RemarkForm,
        offered=lambda order: order.needs_attention,
    ),
    StaffAction(
        "requeue",
        "Write it again",
        "The order goes back in line, and its refund is called off if none of it was sent.",
        requeue,
        RequeueForm,
        look="primary",
    ),
    StaffAction(
        "change_priority",
        "Change the priority",
        "A job of the order that has not started moves in its line.",
        change_priority,
        PriorityForm,
    ),
    StaffAction(
        "cancel",
        "Cancel the order",
        "Its job is stopped, nobody can pay for it any more, and all that is left of its payment goes back.",
        cancel,
        RemarkForm,
        sends_money_back=True,
        look="danger",
    ),
]
