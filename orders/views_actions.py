"""What a customer does with an order on its page. Each change is a POST; what cannot be undone asks once more before.

A refusal shows the page as it is now, with the reason and everything that was typed.
"""

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from orders import cancelling, policy, repeats, reviews, revisions, selectors, wording
from orders.actors import CUSTOMER
from orders.models import Order
from orders.page_access import by_button, for_customer
from orders.pages import order_page
from orders.transitions import Conflict

NO_VERSION = uuid.UUID(int=0)


@by_button
@for_customer
def request_revision(request: HttpRequest, order: Order) -> HttpResponse:
    notes, version_id = request.POST.get("notes", ""), _version_id(request)
    try:
        revisions.request_revision(order_id=order.pk, notes=notes, version_id=version_id, actor=CUSTOMER)
    except ValidationError as error:
        return _again(request, order, 400, notes=notes, wrong=error.messages[0])
    except Conflict as problem:
        if problem.code == "repeated" or not repeats.revision_was_asked(order, notes, version_id):
            return _again(request, order, 409, notes=notes, problem=problem)
    return redirect("orders:status", order.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def submit(request: HttpRequest, order: Order) -> HttpResponse:
    """Asks whether the version shall go to the editor, then sends it there."""
    if request.method != "POST":
        return _ask(request, order, "submit_for_review", "orders/submit.html")
    try:
        reviews.submit_for_review(order_id=order.pk, version_id=_version_id(request), actor=CUSTOMER)
    except Conflict as problem:
        return _again(request, order, 409, problem=problem)
    return redirect("orders:status", order.pk)


@by_button
@for_customer
def recall(request: HttpRequest, order: Order) -> HttpResponse:
    try:
        reviews.recall(order_id=order.pk, actor=CUSTOMER)
    except Conflict as problem:
        if not repeats.was_recalled(order):
            return _again(request, order, 409, problem=problem)
    return redirect("orders:status", order.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@for_customer
def cancel(request: HttpRequest, order: Order) -> HttpResponse:
    """Says what cancelling means now and what happens with the money, then cancels."""
    if request.method != "POST":
        return _ask(request, order, "cancel", "orders/cancel.html", money=selectors.money_left(order))
    try:
        cancelling.cancel(order_id=order.pk, actor=CUSTOMER)
    except Conflict as problem:
        if not repeats.was_cancelled(_fresh(order)):
            return _again(request, order, 409, problem=problem)
    return redirect("orders:status", order.pk)


def _ask(request: HttpRequest, order: Order, action: str, template: str, **told) -> HttpResponse:
    """The question before `action`; the order's page, with the reason, if that is not possible now."""
    if problem := policy.objection(order, action, policy.standing(order)):
        return _again(request, order, 409, problem=problem)
    return render(request, template, {"order": order, "ends": policy.withdrawal_ends(order), **told})


def _again(
    request: HttpRequest, order: Order, status: int, *, problem: Conflict | None = None, **typed
) -> HttpResponse:
    page = order_page(_fresh(order))
    context = {"page": page, "problem": wording.refusal(problem) if problem else "", **typed}
    return render(request, "orders/order_status.html", context, status=status)


def _fresh(order: Order) -> Order:
    return selectors.order_by_id(order.pk)


def _version_id(request: HttpRequest) -> uuid.UUID:
    """The version that the visitor had before them."""
    try:
        return uuid.UUID(request.POST.get("version", ""))
    except ValueError:
        return NO_VERSION
