"""Staff's hand on a customer's link, which is a key: who has seen it, a new one in its place, and to whom it goes."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from orders import emails, links, selectors
from orders.actors import Actor
from orders.models import Order
from orders.transitions import Conflict, locked, record
from orders.validation import check_email


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


@transaction.atomic
def change_email(*, order_id: uuid.UUID, email: str, staff) -> Order:
    """Another address for the customer, who gets a new link there; those that the old one has open nothing any more.

    Mails that were written before go to the new address as well, if they still go out, since each carries the link of
    the moment. Raises ValidationError for "email", and Conflict for an erased order.
    """
    order = locked(order_id)
    if order.is_erased:
        raise Conflict(
            "change_email", order.status, code="erased", detail="The data of this order's customer is erased."
        )
    try:
        new = check_email(email)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from None
    old = order.email
    if new == old:
        raise ValidationError({"email": ["This is its address already."]})
    order.email, order.link_version = new, order.link_version + 1
    order.save(update_fields=["email", "link_version", "updated_at"])
    order.mails.filter(to=old).update(to=new)
    record(order, "email_changed", actor=Actor("staff", str(staff.pk)), data={"old": old, "new": new})
    emails.link_resend(order, f"address-{order.link_version}")
    return order
