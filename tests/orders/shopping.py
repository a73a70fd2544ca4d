"""What a customer does in the shop, for the tests of its pages."""

from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders import links
from orders.models import Mail, Order, OrderEvent, Payment
from queues.models import Job
from tests.orders.builders import INPUTS

FILLED = INPUTS | {"product": "article-400", "terms_accepted": "on"}


def opened(client: Client, order: Order) -> str:
    """Opens the order's link, as from the e-mail; returns the page's address without the token."""
    response = client.get(links.status_path(order))
    assert response.status_code == 302
    return response.url


def stored() -> dict[str, int]:
    """How many rows of everything that an order brings there are."""
    return {model.__name__: model.objects.count() for model in (Order, Payment, OrderEvent, Mail, Job)}


def queries(client: Client, url: str) -> int:
    """How many queries the page makes."""
    from django.db import connection

    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)
