"""The customer's pages. Thin: forms check, services write, pages.py says what is shown."""

import hashlib
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders import links, selectors, services
from orders.actors import CUSTOMER
from orders.forms import OrderForm
from orders.models import Order, Payment, PaymentStatus
from orders.pages import order_page
from orders.payments import checkouts, sandbox
from orders.states import OrderStatus
from queues import topics
from queues.selectors import news_of


def _private(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Keeps the answers of `view` out of caches and search engines."""

    @wraps(view)
    def private_view(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return private_view


@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/shop.html", {"products": selectors.products()})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def order_form(request: HttpRequest) -> HttpResponse:
    """A valid form makes one order, however often it is sent, and leads to its checkout."""
    if request.method != "POST":
        form = OrderForm(initial={"product": request.GET.get("product")} if "product" in request.GET else None)
        return render(request, "orders/order_form.html", {"form": form})
    form = OrderForm(request.POST)
    if not form.is_valid():
        return render(request, "orders/order_form.html", {"form": form}, status=400)
    order = services.create_order(**form.wishes(), actor=CUSTOMER, form_key=form.idempotency_key())
    # A form that is sent twice at once may find its order before the order's checkout is open.
    response = redirect(checkouts.open_address(order) or links.status_path(order))
    links.remember(response, order)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@_private
def sandbox_checkout(request: HttpRequest, session_id: str) -> HttpResponse:
    """The built-in provider's checkout. Its address is the key, as at Stripe; looking at it changes nothing."""
    payment = selectors.payment_by_session(session_id)
    if payment is None or payment.provider != sandbox.Sandbox.name or settings.PAYMENTS != sandbox.Sandbox.name:
        raise Http404
    if payment.order.status != OrderStatus.PENDING_PAYMENT:
        # Without the token: this address may have been seen by others than the one who paid.
        return redirect("orders:status", payment.order_id)
    if request.method != "POST":
        return _checkout(request, payment)
    return _try_payment(request, payment)


def _try_payment(request: HttpRequest, payment: Payment) -> HttpResponse:
    attempt = {"pay": sandbox.pay, "decline": sandbox.decline}.get(request.POST.get("outcome", ""))
    if attempt is None:
        return _checkout(request, payment, problem="choice", status=400)
    try:
        attempt(payment)
    except sandbox.NotDelivered:
        return _checkout(request, payment, problem="delivery", status=502)
    if attempt is sandbox.pay:
        return redirect(links.status_path(payment.order))
    return redirect(request.path)


def _checkout(request: HttpRequest, payment: Payment, *, problem: str = "", status: int = 200) -> HttpResponse:
    problem = problem or ("declined" if payment.status == PaymentStatus.FAILED else "")
    context = {"payment": payment, "order": payment.order, "problem": problem}
    return render(request, "orders/checkout.html", context, status=status)


@require_safe
@_private
def order_status(request: HttpRequest, order_id: str) -> HttpResponse:
    """The link's token is swapped for a cookie, so that it leaves the address bar and the history."""
    if "t" in request.GET:
        order = selectors.order_by_token(order_id, request.GET["t"])
        if order is None:
            return _unknown(request)
        response = redirect("orders:status", order.pk)
        links.remember(response, order)
        return response
    order = _remembered(request, order_id)
    if order is None:
        return _unknown(request)
    context = {"page": order_page(order), "returned": "paid" in request.GET}
    return render(request, "orders/order_status.html", context)


@require_safe
@_private
def order_live(request: HttpRequest, order_id: str) -> HttpResponse:
    """The part of the order page that changes; 304 while it has not."""
    order = _remembered(request, order_id)
    if order is None:
        return _unknown(request)
    response = render(request, "orders/page/live.html", {"page": order_page(order)})
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@require_safe
@_private
def order_stream(request: HttpRequest, order_id: str) -> HttpResponse:
    """Leads to the live stream that says when to ask `order_live` again; each visit to a fresh address."""
    order = _remembered(request, order_id)
    if order is None:
        return _unknown(request)
    return redirect(topics.address(*news_of(order)), preserve_request=True)


@require_POST
@_private
def order_pay(request: HttpRequest, order_id: str) -> HttpResponse:
    """Leads to the order's checkout, opening one if that did not work before; back to the page when it cannot."""
    order = _remembered(request, order_id)
    if order is None:
        return _unknown(request)
    return redirect(checkouts.address(order) or reverse("orders:status", args=[order.pk]))


@require_POST
@_private
def order_check_payment(request: HttpRequest, order_id: str) -> HttpResponse:
    """Has the payment provider asked, by a job, whether the order was paid: for when its event does not come."""
    order = _remembered(request, order_id)
    if order is None:
        return _unknown(request)
    checkouts.ask_for_check(order)
    return redirect("orders:status", order.pk)


def _remembered(request: HttpRequest, order_id: str) -> Order | None:
    return selectors.order_by_token(order_id, links.remembered(request))


def _unknown(request: HttpRequest) -> HttpResponse:
    """One and the same answer for an order that does not exist and for a link that does not open it."""
    return render(request, "orders/confirm_it_is_you.html", status=404)
