"""Staff's hand on a customer's link, which is a key: who has seen it, and a new one in its place."""

import uuid

from django.db import transaction

from orders import links, selectors
from orders.actors import Actor
from orders.models import Order
from orders.transitions import locked, record


@transaction.atomic
def show(*, order_id: uuid.UUID, staff) -> str:
    """The customer's link, for `staff` to pass on."""
    order = locked(order_id)
    record(order, "link_shown", actor=Actor("staff", str(staff.pk)))
    return links.status_url(order)


@transaction.atomic
def rotate(*, order_id: uuid.UUID, staff) -> None:
    """Another link; the ones before it, in mails and in browsers, open nothing any more.

    The same for what was ordered in the same form: from the page of one the others can be reached.
    """
    together = selectors.ordered_with(Order.objects.get(pk=order_id)).values_list("pk", flat=True)
    for pk in sorted([order_id, *together]):
        order = locked(pk)
        order.link_version += 1
        order.save(update_fields=["link_version", "updated_at"])
        record(order, "link_rotated", actor=Actor("staff", str(staff.pk)), data={"link_version": order.link_version})
