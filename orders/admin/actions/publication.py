"""When an approved version goes live, and how its link is marked."""

from orders import paid_links, publishing, scheduling
from orders.admin.actions.base import StaffAction, actor_of
from orders.admin.forms import MomentForm, NoteForm, RelForm
from orders.models import Order
from orders.states import OrderStatus


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


def unpublish(order: Order, staff, *, note) -> str:
    publishing.take_from_readers(order_id=order.pk, staff=staff, note=note)
    return f"The article of order {order} is taken from readers; its address answers 404 now."


def is_live(order: Order) -> bool:
    return order.status == OrderStatus.COMPLETED and bool(order.article.public_url)


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
    StaffAction(
        "unpublish",
        "Take from readers",
        "Its address answers 404, and the links of all orders in this article go with it. The order stays published, "
        "its page says that the article was taken from readers, and the note stays in the history. No mail goes out.",
        unpublish,
        NoteForm,
        offered=is_live,
        look="danger",
    ),
]
