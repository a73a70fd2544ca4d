"""Making orders: one, or several at once."""

import uuid

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from orders import payments
from orders.actors import Actor
from orders.drafting import draft
from orders.models import Order, Payment, Product
from orders.models.order import new_code
from orders.payments import checkouts
from orders.transitions import record

CODE_TRIES = 8


def create_demo_products() -> list[Product]:
    """The offers of a fresh installation; those that exist already are left as staff made them."""
    offers = {
        "article-200": {"name": "Short article, 200 words", "price": 2900, "words": 200},
        "article-400": {"name": "Article, 400 words", "price": 4900, "words": 400},
        "article-800": {"name": "Article, 800 words", "price": 8900, "words": 800},
    }
    return [Product.objects.get_or_create(slug=slug, defaults=offer)[0] for slug, offer in offers.items()]


class WrongOrders(Exception):
    """Some orders of a batch are wrong: `by_index` has the messages of each by field."""

    def __init__(self, by_index: dict[int, dict[str, list[str]]]):
        super().__init__(f"{len(by_index)} orders are wrong.")
        self.by_index = by_index


def create_order(*, actor: Actor, **wishes) -> Order:
    """Makes an unpaid order with an open checkout (`order.payments`); `wishes` are those of drafting.draft().

    A `form_key` (at most 64 characters) that was used before returns the order that it made then.
    Raises django's ValidationError with a `message_dict` of field names when an input is wrong; nothing is stored.
    """
    order = draft(**wishes)
    payment = _stored(order, actor)
    if payment is None:
        return Order.objects.get(form_key=order.form_key)
    checkouts.open_for(payment)
    return order


def create_orders(wishes: list[dict], *, actor: Actor, owner=None, form_key: str = "") -> list[Order]:
    """Makes unpaid orders that belong together (`batch`), all or none. Those of one e-mail and currency share a
    checkout.

    A `form_key` that was used before returns the orders that it made then. Raises WrongOrders when an input of one is
    wrong; nothing is stored.
    """
    batch, orders, wrong = uuid.uuid4(), [], {}
    for index, wish in enumerate(wishes):
        try:
            orders.append(draft(**wish, owner=owner, batch=batch, form_key="" if orders else form_key))
        except ValidationError as error:
            wrong[index] = error.message_dict
    if wrong:
        raise WrongOrders(wrong)
    with transaction.atomic():
        payments_made = []
        for order in orders:
            payments_made.append(_stored(order, actor))
            if payments_made[0] is None:
                made = Order.objects.get(form_key=form_key)
                return list(Order.objects.filter(batch=made.batch).order_by("created_at", "pk"))
    for payment in {(payment.order.email, payment.order.currency): payment for payment in payments_made}.values():
        checkouts.open_for(payment)
    return orders


def _stored(order: Order, actor: Actor) -> Payment | None:
    """The new order's payment; None when its form was sent before."""
    with transaction.atomic():
        try:
            _save_with_free_code(order)
        except IntegrityError:
            if not order.form_key:
                raise
            return None
        payment = Payment.objects.create(
            order=order, provider=payments.backend().name, amount=order.amount, currency=order.currency
        )
        record(order, "created", actor=actor)
    return payment


def _save_with_free_code(order: Order) -> None:
    for _ in range(CODE_TRIES):
        try:
            with transaction.atomic():
                return order.save(force_insert=True)
        except IntegrityError:
            if not Order.objects.filter(code=order.code).exists():
                raise
            order.code = new_code()
    raise RuntimeError(f"No free order code in {CODE_TRIES} tries.")
