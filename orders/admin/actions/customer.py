"""The customer's key and the customer's data."""

from django.http import HttpResponse

from orders import customer_data, customer_links
from orders.admin.actions.base import Shown, StaffAction, actor_of
from orders.admin.forms import AddressForm
from orders.erasing import MOVING, OVER, erase_order
from orders.models import Order, Refund
from orders.rights import ERASE


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


def change_email(order: Order, staff, *, email) -> str:
    customer_links.change_email(order_id=order.pk, email=email, staff=staff)
    return f"Order {order} has another address, and a new link is on its way there."


def export(order: Order, staff) -> HttpResponse:
    answer = HttpResponse(customer_data.export(order_id=order.pk, staff=staff), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="order-{order}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def erase(order: Order, staff) -> str:
    erase_order(order_id=order.pk, actor=actor_of(staff))
    return f"The customer's data of order {order} is erased."


def can_be_erased(order: Order) -> bool:
    moving = Refund.objects.filter(payment__order=order, status__in=MOVING)
    return order.status in OVER and not order.is_erased and not moving.exists()


ACTIONS = [
    StaffAction(
        "show_link",
        "Copy the customer's link",
        "The link is a key to the order. That you have seen it is noted.",
        show_link,
        offered=lambda order: not order.is_erased,
        is_open=True,
    ),
    StaffAction(
        "rotate_link",
        "Rotate the link",
        "Every link to the order's page that anybody has, in mails too, stops working, and so do those to what was "
        "ordered with it. Pass the new ones on.",
        rotate_link,
        offered=lambda order: not order.is_erased,
        is_open=True,
        look="danger",
    ),
    StaffAction(
        "change_email",
        "Change the address",
        "The customer's mails go to the new address from now on, the first with a new link. The old link stops "
        "working.",
        change_email,
        AddressForm,
        offered=lambda order: not order.is_erased,
        is_open=True,
    ),
    StaffAction(
        "export",
        "Export the customer's data",
        "You get a file with all that is kept about this order and its customer. That you have it is noted.",
        export,
        right=ERASE,
        offered=lambda order: not order.is_erased,
        is_open=True,
    ),
    StaffAction(
        "erase",
        "Erase the customer's data",
        "Address, wishes, notes, mails and stored events are emptied for ever. Amounts, dates and the published text "
        "stay.",
        erase,
        right=ERASE,
        offered=can_be_erased,
        look="danger",
    ),
]
