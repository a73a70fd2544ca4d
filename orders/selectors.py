"""Reading orders: by the customer's link, by a checkout, and as the JSON that API and page are made of."""

import uuid

from orders import links
from orders.models import Order, Payment, Product

_NOBODY = uuid.UUID(int=0)


def products() -> list[Product]:
    """What is on offer, cheapest first."""
    return list(Product.objects.filter(active=True))


def order_by_token(order_id: uuid.UUID, token: str) -> Order | None:
    """The order that `token` opens. None for an unknown order and for a wrong token, after the same work."""
    order = Order.objects.select_related("product", "current_version").filter(pk=order_id).first()
    valid = links.is_valid(order.pk, order.link_version, token) if order else links.is_valid(_NOBODY, 0, token)
    return order if order and valid else None


def payment_by_session(session_id: str) -> Payment | None:
    """The payment whose checkout has this id, with its order and product."""
    return Payment.objects.select_related("order__product").filter(session_id=session_id).exclude(session_id="").first()
