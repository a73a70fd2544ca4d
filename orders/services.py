"""What can be asked of orders: making one, and asking the queue to write its article."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from orders import payments
from orders.actors import Actor
from orders.models import Order, Payment, Priority, Product
from orders.models.order import new_code
from orders.payments import checkouts
from orders.transitions import record
from orders.validation import check_inputs
from queues.models import Job
from queues.services import enqueue

JOB_PRIORITY = {Priority.RUSH: 1, Priority.VIP: 2, Priority.NORMAL: 5}
CODE_TRIES = 8


def create_demo_products() -> list[Product]:
    """The offers of a fresh installation; those that exist already are left as staff made them."""
    offers = {
        "article-200": {"name": "Short article, 200 words", "price": 2900, "words": 200},
        "article-400": {"name": "Article, 400 words", "price": 4900, "words": 400},
        "article-800": {"name": "Article, 800 words", "price": 8900, "words": 800},
    }
    return [Product.objects.get_or_create(slug=slug, defaults=offer)[0] for slug, offer in offers.items()]


def create_order(
    *,
    product: Product,
    email: str,
    topic: str,
    niche: str = "",
    keyword: str = "",
    target_url: str,
    anchor_text: str,
    notes: str = "",
    terms_accepted: bool,
    actor: Actor,
    owner=None,
    form_key: str = "",
) -> Order:
    """Makes an unpaid order with an open checkout (`order.payments`). `owner` is the API client's user.

    A `form_key` (at most 64 characters) that was used before returns the order that it made then.
    Raises django's ValidationError with a `message_dict` of field names when an input is wrong; nothing is stored.
    """
    inputs = check_inputs(
        email=email,
        topic=topic,
        niche=niche,
        keyword=keyword,
        target_url=target_url,
        anchor_text=anchor_text,
        notes=notes,
        terms_accepted=terms_accepted,
    )
    order = Order(
        product=product,
        kind=product.kind,
        owner=owner,
        amount=product.price,
        currency=product.currency,
        words=product.words,
        terms_accepted_at=timezone.now(),
        form_key=form_key,
        **vars(inputs),
    )
    return _stored(order, actor)


def _stored(order: Order, actor: Actor) -> Order:
    with transaction.atomic():
        try:
            _save_with_free_code(order)
        except IntegrityError:
            if not order.form_key:
                raise
            return Order.objects.get(form_key=order.form_key)
        payment = Payment.objects.create(
            order=order, provider=payments.backend().name, amount=order.amount, currency=order.currency
        )
        record(order, "created", actor=actor)
    checkouts.open_for(payment)
    return order


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


def request_generation(order: Order) -> Job:
    """Asks the queue to write the order's article, inside the caller's transaction."""
    return enqueue(
        "orders.generate_article",
        args={"order_id": str(order.pk)},
        priority=JOB_PRIORITY[Priority(order.priority)],
        dedupe_key=f"order:{order.pk}",
        subject=order,
        owner=order.owner,
    )
