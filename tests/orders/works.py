"""Orders whose job is running or waits, for tests of what the jobs do."""

import json

from django.db import transaction

from content.articles.models import Article
from content.articles.publishing import publish
from orders.models import Order, RevisionRequest
from orders.models.catalogue import ProductKind
from queues.models import Job
from queues.running import RunningJob
from queues.services import enqueue
from tests.factories import running_job
from tests.orders.builders import make_order, make_product, make_version, receipt

KINDS = {"article": "orders.generate_article", "backlink": "orders.integrate_backlink"}
SENTENCE = "Most people who drink it every day keep a bag of cold brew beans beside their favourite jar."
REVISED = """# Cold brew, made simple

## Cold brew: the basics

Cold brew is coffee that waits a night in cool water. Nothing is boiled, and nobody has to stand beside it while the
coarse grounds give their taste away.

## How to get started

Take a jar, a sieve and a corner where nothing falls over. Good cold brew beans make the difference, so spend a little
more on them, and weigh them before they go into the water with a slow and steady hand.

## What to remember

Strain the drink in the morning and keep it cool. Thin it with milk as you like. A second batch is soon made, and small
changes to the grind show clearly in the cup, which is half the fun of making it at home.
"""


def sentence(text: str = SENTENCE) -> str:
    """What a model answers that is asked for a sentence with the link."""
    return json.dumps({"paragraph": 1, "sentence": text})


def make_brought_article() -> Article:
    """A published article that staff brought."""
    return publish(title="Coffee", content="The first.\n\nThe second, in the middle.\n\nThe third.\n\nThe last.")


def paid(**inputs) -> Order:
    """A paid order without a job: the test says which one it waits for."""
    from orders.actors import CUSTOMER
    from orders.payments.confirm import confirm_payment

    order = make_order(**inputs)
    confirm_payment(order_id=order.pk, receipt=receipt(order), actor=CUSTOMER)
    Job.objects.exclude(queue="mail").delete()
    order.refresh_from_db()
    return order


def article_order(**fields) -> Order:
    """120 words were ordered, so that a text for tests stays short."""
    return paid(product=make_product(slug="short", words=120), **fields)


def link_order(article: Article | None = None) -> Order:
    """A paid order of a link in `article`, or in a new one that staff brought."""
    order = paid(topic="Coffee at home", notes="")
    order.kind, order.article = ProductKind.BACKLINK, article or make_brought_article()
    order.save()
    return order


def revision_of(order: Order, notes: str = "Please make it simpler.") -> RevisionRequest:
    """A request for changes in the order's version, which is made if there is none."""
    version = order.current_version or make_version(order)
    order.current_version = version
    order.save()
    return RevisionRequest.objects.create(order=order, base=version, notes=notes, asked_by="customer")


def args_of(order: Order, revision: RevisionRequest | None = None) -> tuple[str, dict]:
    ids = {"order_id": str(order.pk)}
    if revision:
        return "orders.revise_article", ids | {"revision_id": str(revision.pk)}
    return KINDS[order.kind], ids


def running(order: Order, revision: RevisionRequest | None = None) -> RunningJob:
    """The order's job, with a running attempt."""
    job = running_job(*args_of(order, revision))
    Order.objects.filter(pk=order.pk).update(status="PROCESSING", current_job=job.id)
    return job


def waiting(order: Order, revision: RevisionRequest | None = None) -> Job:
    """The order's job, in line."""
    kind, args = args_of(order, revision)
    with transaction.atomic():
        job = enqueue(kind, args=args, subject=order)
        Order.objects.filter(pk=order.pk).update(status="PROCESSING", current_job=job.pk)
    return job
