"""Whose order it is: the customer with the link, the client that ordered, or staff."""

import uuid

from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request

from orders import links, selectors
from orders.actors import CUSTOMER, Actor
from orders.models import Order


def visible_order(request: Request, order_id: str | uuid.UUID) -> tuple[Order, Actor]:
    """The order, and as whom the request acts on it. Unknown and forbidden orders give one and the same answer.

    Raises NotAuthenticated and NotFound.
    """
    scheme, _, bearer = get_authorization_header(request).decode("latin-1").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else links.remembered(request, order_id)
    user = request.user
    if not token and not user.is_authenticated:
        raise NotAuthenticated
    try:
        wanted = uuid.UUID(str(order_id))
    except ValueError:
        raise NotFound from None
    if order := selectors.order_by_token(wanted, token):
        return order, CUSTOMER
    if user.is_authenticated:
        kind, theirs = ("staff", {}) if user.is_staff else ("api", {"owner": user})
        if order := selectors.order_by_id(wanted, **theirs):
            return order, Actor(kind, str(user.pk))
    raise NotFound
