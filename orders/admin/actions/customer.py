"""The customer's key and the customer's data."""

from orders import customer_links
from orders.admin.actions.base import Shown, StaffAction
from orders.models import Order


def show_link(order: Order, staff) -> Shown:
    link = customer_links.show(order_id=order.pk, staff=staff)
    return Shown(
        "The customer's link",
        "Whoever has it can read the order and decide about it. Pass it on to its customer only.",
        link,
    )


def rotate_link(order: Order, staff) -> str:
    customer_links.rotate(order_id=order.pk, staff=staff)
    return f"Order {order} has another link. The ones before it open nothing any more."


ACTIONS = [
    StaffAction(
        "show_link",
        "Copy the customer's link",
        "The link is a key to the order. That you have seen it is noted.",
        show_link,
        offered=lambda order: True,
    ),
    StaffAction(
        "rotate_link",
        "Rotate the link",
        "Every link to the order's page that anybody has, in mails too, stops working. Pass the new one on.",
        rotate_link,
        offered=lambda order: True,
        look="danger",
    ),
]
