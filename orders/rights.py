"""What staff need to be allowed, on the desk and over the API. Seeing is Django's own permission, or comes with any of
these."""

from orders.limits import may_return
from orders.models import Order
from orders.payments import balance

REVIEW = "orders.review_order"
REFUND = "orders.refund_order"
ERASE = "orders.erase_order"
VIEW = "orders.view_order"
SEEING = (VIEW, REVIEW, REFUND, ERASE)
# What `manage.py token --rights` calls them.
BY_NAME = {"view": VIEW, "review": REVIEW, "refund": REFUND, "erase": ERASE}


def missing(right: str) -> str:
    """What staff who lack `right`, one of BY_NAME, are told, for whoever can give it."""
    name = next(name for name, known in BY_NAME.items() if known == right)
    return (
        f"This needs the right {right}: a superuser gives it in the admin, or `manage.py token NAME --rights {name}`."
    )


def may_see(user) -> bool:
    return user.is_active and user.is_staff and any(user.has_perm(right) for right in SEEING)


def may_move_money(user, order: Order) -> bool:
    """Whether `user` may do what sends back all that is left of the order's money, if anything is."""
    payment = balance.counting(order)
    if payment is None or not balance.remaining(payment):
        return True
    return user.has_perm(REFUND) and may_return(user, payment)
