"""When an approved version goes live, and how its link is marked."""

from orders import paid_links, scheduling
from orders.admin.actions.base import StaffAction, actor_of
from orders.admin.forms import MomentForm, RelForm
from orders.models import Order


def publish(order: Order, staff) -> str:
    scheduling.publish_now(order_id=order.pk, actor=actor_of(staff))
    return f"Order {order} is published."


def reschedule(order: Order, staff, *, publish_at) -> str:
    scheduling.reschedule(order_id=order.pk, publish_at=publish_at, staff=staff)
    return f"Order {order} goes live on {publish_at:%d %b %H:%M} UTC."


def unschedule(order: Order, staff) -> str:
    scheduling.unschedule(order_id=order.pk, staff=staff)
    return f"Order {order} is back in the review queue."


def mark_link(order: Order, staff, *, rel) -> str:
    paid_links.mark(order_id=order.pk, rel=rel, staff=staff)
    return f"The link of order {order} is marked “{rel}” now." if rel else f"The link of order {order} has no mark now."


def has_link(order: Order) -> bool:
    return bool(order.current_version and order.current_version.backlink)


ACTIONS = [
    StaffAction("publish", "Publish now", "Readers see it at once, not at its time.", publish, look="primary"),
    StaffAction("reschedule", "Change the time", "It goes live by itself then.", reschedule, MomentForm),
    StaffAction("unschedule", "Back to review", "It does not go live and waits in the review queue.", unschedule),
    StaffAction(
        "mark_link",
        "Mark the link",
        "Changes the mark of the ordered link in the current version, also when readers see it already.",
        mark_link,
        RelForm,
        offered=has_link,
    ),
]
