"""The page of one order for its customer, and what keeps it fresh. Nothing here changes anything but paying."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_http_methods, require_safe

from orders import links, lost_links, selectors
from orders.forms import LostLinkForm
from orders.models import Order
from orders.page_access import by_button, for_customer, private, unknown
from orders.pages import order_page
from orders.payments import checkouts
from queues import topics
from queues.selectors import news_of


@require_safe
@private
def order_status(request: HttpRequest, order_id: str) -> HttpResponse:
    """The link's token is swapped for a cookie, so that it leaves the address bar and the history."""
    if "t" not in request.GET:
        return _shown(request, order_id)
    token = request.GET["t"]
    order = selectors.order_by_token(order_id, token)
    if order is None:
        return unknown(request, token)
    response = redirect("orders:status", order.pk)
    links.remember(response, order)
    return response


@for_customer
def _shown(request: HttpRequest, order: Order) -> HttpResponse:
    return render(request, "orders/order_status.html", {"page": order_page(order, paid=_comes_from_paying(request))})


@require_safe
@for_customer
def order_live(request: HttpRequest, order: Order) -> HttpResponse:
    """The part of the order page that changes; 304 while it has not."""
    page = order_page(order, paid=_comes_from_paying(request))
    response = render(request, "orders/page/live.html", {"page": page})
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@require_safe
@for_customer
def order_stream(request: HttpRequest, order: Order) -> HttpResponse:
    """Leads to the live stream that says when to ask `order_live` again; each visit to a fresh address."""
    return redirect(topics.address(*news_of(order)), preserve_request=True)


@require_safe
@for_customer
def order_beside(request: HttpRequest, order: Order, code: str) -> HttpResponse:
    """Leads to another order that was made in the same form, as the link in its mails does."""
    found = selectors.ordered_with(order).filter(code=code).first()
    if found is None:
        raise Http404
    return redirect(links.status_path(found))


@by_button
@for_customer
def order_pay(request: HttpRequest, order: Order) -> HttpResponse:
    """Leads to the order's checkout, opening one if that did not work before; back to the page when it cannot."""
    return redirect(checkouts.address(order) or reverse("orders:status", args=[order.pk]))


@by_button
@for_customer
def order_check_payment(request: HttpRequest, order: Order) -> HttpResponse:
    """Has the payment provider asked, by a job, whether the order was paid: for when its event does not come."""
    checkouts.ask_for_check(order)
    return redirect("orders:status", order.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def new_link(request: HttpRequest) -> HttpResponse:
    """Mails links to whoever has lost theirs. The answer never tells whether there is such an address."""
    if request.method != "POST":
        return render(request, "orders/new_link.html")
    form = LostLinkForm(request.POST)
    if not form.is_valid():
        context = {"wrong": form.errors["email"][0], "email": request.POST.get("email", "")}
        return render(request, "orders/new_link.html", context, status=400)
    lost_links.send_links(form.cleaned_data["email"])
    return render(request, "orders/link_sent.html", {"email": form.cleaned_data["email"]})


new_link.post_limit = "link_resend"


def _comes_from_paying(request: HttpRequest) -> bool:
    return "paid" in request.GET
