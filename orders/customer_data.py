"""The customer's data in staff's hands: that somebody took them is noted."""

import uuid

from django.db import transaction

from orders.actors import Actor
from orders.personal_export import export_order
from orders.transitions import locked, record


@transaction.atomic
def export(*, order_id: uuid.UUID, staff) -> bytes:
    """The zip file of personal_export, which tells of its own making too."""
    order = locked(order_id)
    record(order, "exported", actor=Actor("staff", str(staff.pk)))
    return export_order(order)
