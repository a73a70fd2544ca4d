"""The pages behind the buttons: GET says what would happen, POST does it."""

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from orders import reviewing, selectors
from orders.admin.actions import ACTIONS
from orders.admin.actions.base import Shown, StaffAction
from orders.models import Order
from orders.transitions import Conflict

FIELDS = {"notes": "note"}  # what services call what the forms call otherwise
QUEUE = "admin:orders_review_changelist"


class ActingMixin:
    """For the ModelAdmin of orders."""

    def act(self, request: HttpRequest, order_id: uuid.UUID, name: str) -> HttpResponse:
        action, order = ACTIONS.get(name), selectors.order_by_id(order_id)
        if action is None or order is None:
            raise Http404
        if not action.allowed_for(request.user, order):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(request, action, order, action.form(order=order))
        form = action.form(request.POST, order=order)
        if not form.is_valid():
            if not action.possible(order):
                return self._refuse(request, order, Conflict(name, order.status))
            return self._ask(request, action, order, form)
        try:
            outcome = action.run(order, request.user, **form.cleaned_data)
        except Conflict as conflict:
            return self._refuse(request, order, conflict)
        except ValidationError as error:
            if not action.possible(order):
                return self._refuse(request, order, Conflict(name, order.status))
            for field, messages in error.message_dict.items():
                form.add_error(FIELDS.get(field, field), messages)
            return self._ask(request, action, order, form)
        return self._answer(request, order, outcome)

    def _refuse(self, request: HttpRequest, order: Order, conflict: Conflict) -> HttpResponse:
        order.refresh_from_db()
        where = f"Order {order} is in the state “{order.get_status_display()}” now."
        self.message_user(request, f"Nothing was changed. {conflict} {where}", "error")
        return self._back(request, order)

    def _answer(self, request: HttpRequest, order: Order, outcome: str | HttpResponse | Shown) -> HttpResponse:
        if isinstance(outcome, HttpResponse):
            return outcome
        if isinstance(outcome, Shown):
            response = self._page(request, "shown", order, title=outcome.title, shown=outcome)
            response["Cache-Control"] = "no-store"
            return response
        self.message_user(request, outcome)
        return self._back(request, order)

    def _ask(self, request: HttpRequest, action: StaffAction, order: Order, form) -> HttpResponse:
        context = {"action": action, "form": form, "possible": action.possible(order), "then": _then(request)}
        return self._page(request, "ask", order, title=f"{action.label}: order {order}", **context)

    def _page(self, request: HttpRequest, name: str, order: Order, **context) -> TemplateResponse:
        context = self.admin_site.each_context(request) | {"opts": self.opts, "order": order} | context
        return TemplateResponse(request, f"admin/orders/{name}.html", context)

    def _back(self, request: HttpRequest, order: Order) -> HttpResponse:
        then = _then(request)
        if then == "review":
            following = reviewing.next_for(request.user)
            return redirect("admin:orders_review_change", following.pk) if following else redirect(QUEUE)
        if then == "reading" and (review := order.reviews.last()):
            return redirect("admin:orders_review_change", review.pk)
        return redirect(QUEUE) if then == "queue" else redirect("admin:orders_order_change", order.pk)


def _then(request: HttpRequest) -> str:
    """Where to go afterwards: "review" is the next one, "reading" this one, "queue" all; else the order's page."""
    return request.POST.get("then") or request.GET.get("then", "")
