"""Who may see the pages of an order, and how their answers travel."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orders import links, selectors

View = Callable[..., HttpResponse]
WRONG_LINK = "wrong_link"  # what config.page_limits counts


def private(view: View) -> View:
    """Keeps the answers of `view` out of caches and search engines."""

    @wraps(view)
    def private_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return private_view


def for_customer(view: View) -> View:
    """`view` gets the order that its visitor's cookie opens; all others get one and the same answer."""

    @wraps(view)
    @private
    def customers_view(request: HttpRequest, order_id: str, **kwargs) -> HttpResponse:
        token = links.remembered(request, order_id)
        order = selectors.order_by_token(order_id, token)
        return view(request, order, **kwargs) if order else unknown(request, token)

    return customers_view


def unknown(request: HttpRequest, token: str) -> HttpResponse:
    """The same for an order that does not exist and for a link that does not open it. Tries with a token count."""
    response = render(request, "orders/confirm_it_is_you.html", status=404)
    if token:
        response.counts_against = WRONG_LINK
    return response
