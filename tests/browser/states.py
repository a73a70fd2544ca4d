"""Pages in the states that their visitors can see, for the browser tests."""

from django.db import transaction

from content.articles.commentary.services import request_commentary
from content.articles.commentary.storing import locked, store
from content.articles.services import publish_version
from orders import links
from orders.actors import Actor
from orders.fulfilment import generation_failed
from orders.models import Order
from orders.transitions import transition
from queues.models import Job
from tests.content.articles.reader import CONTENT, make_article
from tests.orders.builders import make_order, make_paid_order, make_version


def writing() -> Order:
    order = make_paid_order()
    Job.objects.filter(pk=order.current_job).update(state="active", progress=3, total=7, stage="generating")
    Job.objects.get(pk=order.current_job).events.create(message="Outline ready: 4 sections")
    return order


def written(order: Order | None = None) -> Order:
    """An article that waits for its reader."""
    order = order or make_paid_order()
    version = make_version(order, is_demo=True)
    Job.objects.filter(pk=order.current_job).update(state="completed")
    with transaction.atomic():
        return transition(
            order_id=order.pk,
            action="job_done",
            actor=Actor("worker", str(order.current_job)),
            job_id=order.current_job,
            article=order.article,
            current_version=version,
        )


def failed() -> Order:
    order = make_paid_order()
    Job.objects.filter(pk=order.current_job).update(state="failed", error_kind="timeout")
    with transaction.atomic():
        generation_failed(Job.objects.get(pk=order.current_job))
    return order


def article(source: str = "") -> str:
    """The path of an article; `source`: who wrote its commentary, "" for one that is asked for."""
    made = make_article(source_url="https://news.example/heaps", category="city", author="R. Writer")
    if not source:
        request_commentary(made)
        return f"/articles/{made.pk}"
    with transaction.atomic():
        store(locked(made.pk), source=source, text=CONTENT, model="gpt-x")
    return f"/articles/{made.pk}"


def published() -> str:
    order = make_order()
    version = make_version(order)
    return f"/articles/{publish_version(order.article, version).slug}"


# name -> the path of a page, after making what it needs; orders in all states: tests/orders/customer_states.py
PAGES = {
    "shop": lambda: make_order() and "/",
    "form": lambda: make_order() and "/order",
    "checkout": lambda: f"/checkout/{make_order().payments.get().session_id}",
    "unpaid": lambda: links.status_path(make_order()),
    "writing": lambda: links.status_path(writing()),
    "written": lambda: links.status_path(written()),
    "failed": lambda: links.status_path(failed()),
    "confirm it is you": lambda: f"/order-status/{make_order().pk}",
    "article without commentary": lambda: f"/articles/{make_article().pk}",
    "article in line": article,
    "article with commentary": lambda: article("ai"),
    "article with extract": lambda: article("fallback"),
    "published article": published,
    "not found": lambda: "/nothing-here",
}
