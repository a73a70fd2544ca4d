"""The versions of an order for its customer: to read, to compare, to take away; and the receipt."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content.articles.services import FORMATS, ArticleVersion, export, word_diff
from orders import comparing, files, selectors, wording
from orders.models import Order
from orders.page_access import for_customer
from orders.reading import reading


@require_safe
@for_customer
def version(request: HttpRequest, order: Order, number: str) -> HttpResponse:
    shown = reading(order, _version(order, number))
    return render(request, "orders/version.html", {"order": order, "reading": shown})


@require_safe
@for_customer
def changes(request: HttpRequest, order: Order, before: str, after: str) -> HttpResponse:
    old, new = _version(order, before), _version(order, after)
    blocks = comparing.blocks(word_diff(old, new))
    differs = any(op != "equal" for block in blocks for op, _ in block.pieces)
    context = {"order": order, "before": old, "reading": reading(order, new), "blocks": blocks, "differs": differs}
    return render(request, "orders/changes.html", context)


@require_safe
@for_customer
def download(request: HttpRequest, order: Order, number: str, form: str) -> HttpResponse:
    if form not in FORMATS:
        raise Http404
    shown = _version(order, number)
    return files.attachment(order, shown, export(shown, form))


@require_safe
@for_customer
def receipt(request: HttpRequest, order: Order) -> HttpResponse:
    """What was paid and what went back, for printing."""
    payment = selectors.payment_that_counts(order)
    if payment is None:
        raise Http404
    context = {
        "order": order,
        "payment": payment,
        "refunds": [refund for refund in selectors.refunds(order) if refund.payment_id == payment.pk],
        "email": wording.masked(order.email),
        "is_sandbox": payment.provider == "sandbox",
        "sender": settings.DEFAULT_FROM_EMAIL,
    }
    return render(request, "orders/receipt.html", context)


def _version(order: Order, number: str) -> ArticleVersion:
    """Raises Http404 when the order has no version of this number."""
    found = selectors.version_of(order, int(number))
    if found is None:
        raise Http404
    return found
