"""How the link that was bought is marked for search engines."""

import uuid

from django.db import transaction

from content.articles.services import Rel, mark_link
from orders.actors import Actor
from orders.models import Order
from orders.transitions import Conflict, locked, record


@transaction.atomic
def mark(*, order_id: uuid.UUID, rel: str, staff) -> Order:
    """Marks it so in the order's current version, live or not. Raises Conflict without one, ValueError for `rel`."""
    order = locked(order_id)
    version = order.current_version
    if version is None or not version.backlink:
        raise Conflict("mark_link", order.status, code="no_link", detail="There is no text with the link yet.")
    told = {"from": version.backlink.get("rel", Rel.SPONSORED), "to": rel, "version": version.number}
    mark_link(version, rel)
    record(order, "mark_link", actor=Actor("staff", str(staff.pk)), data=told)
    return order
