"""What the editor decides about a version."""

from orders import decisions, revisions
from orders.admin.actions.base import StaffAction
from orders.admin.forms import ApproveForm, NoteForm, ScheduleForm
from orders.models import Order


def approve(order: Order, staff, *, version_id, note) -> str:
    decisions.approve(order_id=order.pk, version_id=version_id, staff=staff, note=note)
    return f"Order {order} is approved and published."


def schedule(order: Order, staff, *, version_id, note, publish_at) -> str:
    decisions.approve(order_id=order.pk, version_id=version_id, staff=staff, note=note, publish_at=publish_at)
    return f"Order {order} is approved and goes live on {publish_at:%d %b %H:%M} UTC."


def reject(order: Order, staff, *, note) -> str:
    decisions.reject(order_id=order.pk, note=note, staff=staff)
    return f"Order {order} is back with its customer, who reads your note."


def rework(order: Order, staff, *, note) -> str:
    revisions.rework(order_id=order.pk, note=note, staff=staff)
    return f"Order {order} is back with the writer."


def fail_finally(order: Order, staff, *, note) -> str:
    decisions.fail_finally(order_id=order.pk, note=note, staff=staff)
    return f"Order {order} is given up; its money goes back."


ACTIONS = [
    StaffAction(
        "approve",
        "Approve and publish",
        "Readers see the version at once, and the customer gets its address.",
        approve,
        ApproveForm,
        look="primary",
        taken=False,
    ),
    StaffAction(
        "schedule",
        "Approve and schedule",
        "The version goes live by itself at the time that you choose.",
        schedule,
        ScheduleForm,
        taken=False,
    ),
    StaffAction(
        "reject",
        "Send back to the customer",
        "The customer reads your note and may ask for changes.",
        reject,
        NoteForm,
        taken=False,
    ),
    StaffAction(
        "rework",
        "Send back to the writer",
        "A model writes another version after your note, of 10 characters or more. The customer's revisions stay "
        "as they are.",
        rework,
        NoteForm,
        taken=False,
    ),
    StaffAction(
        "fail_finally",
        "Fail and refund",
        "The order ends here, all that is left of its payment goes back, and the customer is told by mail. "
        "The note is for the customer too.",
        fail_finally,
        NoteForm,
        sends_money_back=True,
        look="danger",
        taken=False,
    ),
]
