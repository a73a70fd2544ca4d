"""The shop: what is on offer, ordering, and the sandbox's checkout. Thin: forms check, services write."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from orders import links, selectors, services
from orders.actors import CUSTOMER
from orders.forms import OrderForm
from orders.models import Order, Payment, PaymentStatus
from orders.models.payment import PAYABLE
from orders.money import format_money
from orders.page_access import private
from orders.payments import checkouts, sandbox, shares
from orders.states import OrderStatus


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
    if "add" in request.POST:
        return render(request, "orders/order_form.html", {"form": OrderForm.with_one_more(request.POST)})
    form = OrderForm(request.POST)
    if not form.is_valid():
        return render(request, "orders/order_form.html", {"form": form}, status=400)
    order = _ordered(form.all_wishes(), form.idempotency_key())
    # A form that is sent twice at once may find its order before the order's checkout is open.
    response = redirect(checkouts.open_address(order) or links.status_path(order))
    links.remember(response, order)
    return response


order_form.post_limit = "order"


def _ordered(wishes: list[dict], form_key: str) -> Order:
    """The order, or the first of several. Whoever opens its page finds the others from there."""
    if len(wishes) > 1:
        return services.create_orders(wishes, actor=CUSTOMER, form_key=form_key)[0]
    return services.create_order(**wishes[0], actor=CUSTOMER, form_key=form_key)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def sandbox_checkout(request: HttpRequest, session_id: str) -> HttpResponse:
    """The built-in provider's checkout. Its address is the key, as at Stripe; looking at it changes nothing."""
    payment = selectors.payment_by_session(session_id)
    if payment is None or payment.provider != sandbox.Sandbox.name or settings.PAYMENTS != sandbox.Sandbox.name:
        raise Http404
    if not any(_can_be_paid(share) for share in shares.of_checkout(payment)):
        # Without the token: this address may have been seen by others than the one who paid.
        return redirect("orders:status", payment.order_id)
    if request.method != "POST":
        return _checkout(request, payment)
    return _try_payment(request, payment)


def _can_be_paid(payment: Payment) -> bool:
    return payment.status in PAYABLE and payment.order.status == OrderStatus.PENDING_PAYMENT


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
    orders = [share.order for share in shares.of_checkout(payment)]
    due = format_money(sandbox.due(payment), payment.currency)
    context = {"payment": payment, "order": payment.order, "orders": orders, "due": due, "problem": problem}
    return render(request, "orders/checkout.html", context, status=status)
