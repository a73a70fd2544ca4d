"""Looking at an order changes nothing, whatever page, in whatever state: mail scanners open every link."""

import itertools

import pytest
from django.apps import apps
from django.test import Client

from orders import links
from orders.urls import urlpatterns
from tests.orders.customer_states import STATES

pytestmark = pytest.mark.django_db
PAGES = {
    "status": ["", "?paid=1"],
    "live": ["/live"],
    "stream": ["/stream"],
    "pay": ["/pay"],
    "check-payment": ["/check-payment"],
    "beside": ["/beside/AAAAA"],
    "request-revision": ["/request-revision"],
    "submit": ["/submit"],
    "recall": ["/recall"],
    "cancel": ["/cancel"],
    "receipt": ["/receipt"],
    "version": ["/versions/1", "/versions/2", "/versions/999999999"],
    "download": [f"/versions/1/{form}" for form in ("markdown", "html", "docx", "text", "exe")],
    "changes": ["/changes/1-1", "/changes/1-2", "/changes/2-1"],
}
ELSEWHERE = {"shop", "order", "checkout", "new-link"}


def rows() -> dict[str, list[dict]]:
    """Every row of every table."""
    models = (model for model in apps.get_models() if model._meta.managed)
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in models}


def test_the_pages_here_are_all_that_there_are():
    assert {pattern.name for pattern in urlpatterns} == PAGES.keys() | ELSEWHERE


def look(client: Client, path: str) -> set[int]:
    return {method(path).status_code for method in (client.get, client.head)}


def test_looking_at_every_page_in_every_state_changes_no_row():
    orders = [make() for make in STATES.values()]
    checkouts = {order.pk: [f"/checkout/{payment.session_id}" for payment in order.payments.all()] for order in orders}
    before, answers, shown = rows(), set(), set()
    for order in orders:
        client = Client()
        assert client.get(links.status_path(order)).status_code == 302
        shown |= look(client, f"/order-status/{order.pk}")
        for path in [f"/order-status/{order.pk}{end}" for ends in PAGES.values() for end in ends]:
            answers |= look(client, path)
        for path in ["/", "/order", "/new-link", *checkouts[order.pk]]:
            answers |= look(client, path)
    for path in itertools.chain(*checkouts.values()):  # by the last one's customer
        answers |= look(client, path)
    client.get(f"/order-status/{order.pk}?t=wrong")
    after = rows()
    assert {label for label in before if before[label] != after[label]} == set()
    assert answers == {200, 302, 307, 404, 409}
    assert shown == {200}
