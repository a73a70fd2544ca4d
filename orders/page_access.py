"""Who may see the pages of an order, and how their answers travel."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

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


def by_button(view: View) -> View:
    """`view` answers POSTs. Who comes to its address otherwise (a tab that was restored) is led to the order's page."""

    @wraps(view)
    def buttons_view(request: HttpRequest, order_id: str) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return redirect("orders:status", order_id)
        return require_POST(view)(request, order_id=order_id)

    return buttons_view


def unknown(request: HttpRequest, token: str) -> HttpResponse:
    """The same for an order that does not exist and for a link that does not open it. Tries with a token count."""
    response = render(request, "orders/confirm_it_is_you.html", status=404)
    if token:
        response.counts_against = WRONG_LINK
    return response
