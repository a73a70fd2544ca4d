"""Orders and Stripe events for tests, made the way the product and Stripe make them."""

import datetime
import json
import time
import uuid

import stripe
from django.conf import settings
from django.utils import timezone

from content.articles import services as articles
from content.articles.draft import Draft
from orders import fulfilment, services
from orders.actors import CUSTOMER
from orders.models import Order, Product
from orders.payments.confirm import Receipt, confirm_payment

INPUTS = {
    "email": "ada@example.com",
    "topic": "How cold brew coffee is made",
    "niche": "coffee",
    "keyword": "cold brew",
    "target_url": "https://beans.example.com/cold-brew",
    "anchor_text": "cold brew beans",
    "notes": "Friendly, for beginners.",
}
DAY = datetime.timedelta(days=1)


def make_product(**fields) -> Product:
    """The 400-word article at 49 dollars, or the same with other `fields`."""
    slug = fields.pop("slug", "article-400")
    return Product.objects.update_or_create(
        slug=slug, defaults={"name": "Article, 400 words", "price": 4900, "words": 400} | fields
    )[0]


def make_order(**inputs) -> Order:
    """An unpaid order with an open checkout."""
    product = inputs.pop("product", None) or make_product()
    return services.create_order(product=product, terms_accepted=True, actor=CUSTOMER, **INPUTS | inputs)


def make_batch(*prices: int, **inputs) -> list[Order]:
    """Unpaid orders that were ordered at once, one of each price, with an open checkout for all."""
    products = [make_product(slug=f"article-{price}", price=price) for price in prices]
    wishes = [{"product": product, "terms_accepted": True, **INPUTS} | inputs for product in products]
    return services.create_orders(wishes, actor=CUSTOMER)


def aged(order: Order, age: datetime.timedelta = DAY) -> Order:
    """The order and its payments as if they had been made `age` ago."""
    moment = timezone.now() - age
    Order.objects.filter(pk=order.pk).update(created_at=moment)
    order.payments.update(created_at=moment)
    order.refresh_from_db()
    return order


def receipt(order: Order, **fields) -> Receipt:
    """What the provider says when the customer has paid the price in the order's checkout."""
    payment = order.payments.first()
    truth = {
        "intent_id": f"pi_{payment.pk.hex}",
        "session_id": payment.session_id,
        "amount": order.amount,
        "currency": order.currency,
        "livemode": False,
    }
    return Receipt(**truth | fields)


def make_paid_order(**inputs) -> Order:
    """A paid order whose job waits in line."""
    order = make_order(**inputs)
    confirm_payment(order_id=order.pk, receipt=receipt(order), actor=CUSTOMER)
    order.refresh_from_db()
    return order


def session_event(order: Order, *, event_type: str = "checkout.session.completed", **fields) -> dict:
    """A Checkout event about the order's session; `fields` change the session."""
    payment = order.payments.first()
    session = {
        "id": payment.session_id,
        "object": "checkout.session",
        "amount_total": order.amount,
        "currency": order.currency,
        "payment_status": "paid",
        "payment_intent": f"pi_{payment.pk.hex}",
        "livemode": False,
        "metadata": {"order_id": str(order.pk)},
    }
    return event(event_type, session | fields)


def intent_event(order: Order, *, event_type: str = "payment_intent.succeeded", **fields) -> dict:
    """A PaymentIntent event about the order's payment; `fields` change the intent."""
    intent = {
        "id": f"pi_{order.payments.first().pk.hex}",
        "object": "payment_intent",
        "amount": order.amount,
        "amount_received": order.amount,
        "currency": order.currency,
        "livemode": False,
        "metadata": {"order_id": str(order.pk)},
    }
    return event(event_type, intent | fields)


def event(event_type: str, content: dict) -> dict:
    """An event as Stripe sends it, with an id of its own."""
    return {"id": f"evt_{uuid.uuid4().hex}", "object": "event", "type": event_type, "data": {"object": content}}


def signed(body: str, *, secret: str | None = None, at: float | None = None) -> str:
    """The Stripe-Signature header for `body`, made by Stripe's own library."""
    moment = int(time.time() if at is None else at)
    secret = secret or settings.STRIPE_WEBHOOK_SECRETS[0]
    return stripe.WebhookSignature.generate_signature_header(body, secret, moment)


def deliver(client, payload, *, header: str | None = None, **signing):
    """Posts `payload` (JSON, or text as it is) to the webhook, signed unless a `header` is given."""
    body = payload if isinstance(payload, str) else json.dumps(payload)
    headers = {"Stripe-Signature": signed(body, **signing) if header is None else header}
    return client.post("/webhooks/stripe", body.encode(), content_type="application/json", headers=headers)


def make_version(order: Order, *, is_demo: bool = False):
    """One more version of the order's article, as the writer would save it; sets `order.article`."""
    brief = fulfilment.brief_of(order)
    title = "Cold brew at home"
    text = f"# {title}\n\nSteep it for a night. See [{order.anchor_text}]({order.target_url}).\n"
    draft = Draft(title=title, markdown=text, provider="extract", model="extract", generator="extract", is_demo=is_demo)
    if order.article is None:
        order.article = articles.create_article(title=title)
        order.save(update_fields=["article"])
    version = articles.save_version(order.article, draft, articles.check_article(draft, brief), brief=brief)
    order.versions.add(version)
    return version
