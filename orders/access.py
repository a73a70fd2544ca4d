"""Whose order it is: the customer with the link, the client that ordered, or staff."""

import uuid

from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import NotAuthenticated, NotFound, PermissionDenied
from rest_framework.request import Request

from orders import links, selectors
from orders.actors import CUSTOMER, Actor
from orders.models import Order
from orders.rights import REFUND, REVIEW, may_move_money, may_see, missing


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
        kind, theirs = ("staff", {}) if may_see(user) else ("api", {"owner": user})
        if order := selectors.order_by_id(wanted, **theirs):
            return order, Actor(kind, str(user.pk))
    raise NotFound


def order_to_change(
    request: Request, order_id: str | uuid.UUID, *, sends_money_back: bool = False
) -> tuple[Order, Actor]:
    """The same for what changes the order: staff who may see it need the right that the desk asks for as well.

    Raises PermissionDenied too.
    """
    order, actor = visible_order(request, order_id)
    if actor.kind == "staff" and not request.user.has_perm(REVIEW):
        raise PermissionDenied(missing(REVIEW))
    if actor.kind == "staff" and sends_money_back:
        check_money(request.user, order)
    return order, actor


def check_money(user, order: Order) -> None:
    """Raises PermissionDenied unless `user`, one of staff, may send back all that is left of the order's money."""
    if may_move_money(user, order):
        return
    if not user.has_perm(REFUND):
        raise PermissionDenied(f"This sends money back. {missing(REFUND)}")
    raise PermissionDenied("This sends back more than REFUND_LIMIT lets you: ask a superuser.")
