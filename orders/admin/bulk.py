"""The same for many orders: a page says first what would happen to each, then it is done one by one."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from orders import outbox, reviewing
from orders.admin.actions import ACTIONS
from orders.admin.actions.base import actor_of
from orders.models import Order, Priority
from orders.rights import REVIEW
from orders.transitions import Conflict

MOST_SELECTED = 100  # each is a transaction while somebody waits


@dataclass(frozen=True)
class Bulk:
    """`act(order, request)` raises Conflict and ValidationError; `done` is what is said of those it was done to.
    `of_claim`: an order whose review somebody else has claimed is skipped."""

    name: str
    title: str
    done: str
    possible: Callable[[Order], bool]
    act: Callable[[Order, HttpRequest], object]
    of_claim: bool = False

    def would(self, order: Order, user) -> bool:
        """Whether `user` would do it to the order, as far as can be seen before."""
        return self.possible(order) and not (self.of_claim and reviewing.is_taken(order, user))


def _approve(order: Order, request: HttpRequest) -> None:
    # The version that the page showed, not what is there by now.
    seen = request.POST.get(f"version_{order.pk}") or None
    ACTIONS["approve"].run(order, request.user, version_id=_as_version(seen, order), note="")


def _as_version(seen: str | None, order: Order):
    if seen is None or seen != str(order.current_version_id):
        raise Conflict("approve", order.status, code="version_changed", detail="There is another version by now.")
    return order.current_version_id


def _requeue(order: Order, request: HttpRequest) -> None:
    ACTIONS["requeue"].run(order, request.user, model="")


def _prioritise(order: Order, request: HttpRequest) -> None:
    wanted = request.POST.get("priority", "")
    if wanted not in Priority.values:
        raise ValidationError({"priority": ["Choose one of the priorities."]})
    ACTIONS["change_priority"].run(order, request.user, priority=wanted)


def _was_written_to(order: Order) -> bool:
    return order.mails.exclude(to="").exists()


def _resend(order: Order, request: HttpRequest) -> None:
    mail = order.mails.exclude(to="").last()
    try:
        if mail is None:
            raise outbox.NotSendable("Nothing was written to its customer yet.")
        outbox.resend(mail, actor_of(request.user))
    except outbox.NotSendable as error:
        raise Conflict("resend", order.status, code="not_sendable", detail=str(error)) from None


BULKS = {
    bulk.name: bulk
    for bulk in [
        Bulk("approve", "Approve and publish", "approved", ACTIONS["approve"].possible, _approve, of_claim=True),
        Bulk("requeue", "Write again", "put back in line", ACTIONS["requeue"].possible, _requeue),
        Bulk("resend", "Send the last mail again", "written to again", _was_written_to, _resend),
        Bulk("set_priority", "Set the priority", "moved", ACTIONS["change_priority"].possible, _prioritise),
    ]
}


class BulkMixin:
    """For the ModelAdmin of orders."""

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REVIEW)

    @admin.action(description="Approve and publish", permissions=["review"])
    def approve(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._bulk(request, queryset, BULKS["approve"])

    @admin.action(description="Write failed orders again", permissions=["review"])
    def requeue(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._bulk(request, queryset, BULKS["requeue"])

    @admin.action(description="Send the last mail again", permissions=["review"])
    def resend(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._bulk(request, queryset, BULKS["resend"])

    @admin.action(description="Set the priority", permissions=["review"])
    def set_priority(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._bulk(request, queryset, BULKS["set_priority"])

    def _bulk(self, request: HttpRequest, queryset: QuerySet, bulk: Bulk) -> HttpResponse | None:
        orders = list(queryset.select_related("product", "article", "current_version")[: MOST_SELECTED + 1])
        if len(orders) > MOST_SELECTED:
            message = f"Nothing was done: that is more than {MOST_SELECTED} orders at once."
            return self.message_user(request, message, "error")
        if "confirmed" in request.POST:
            return self._do(request, orders, bulk)
        context = {"title": bulk.title, "opts": self.opts, "bulk": bulk, "priorities": Priority.choices}
        wanted = [order for order in orders if bulk.would(order, request.user)]
        context |= {"orders": wanted, "skipped": [order for order in orders if order not in wanted]}
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, "admin/orders/bulk.html", context)

    def _do(self, request: HttpRequest, orders: list[Order], bulk: Bulk) -> None:
        done, skipped = 0, []
        for order in orders:
            try:
                bulk.act(order, request)
                done += 1
            except Conflict as conflict:
                skipped.append(f"{order} (status {order.get_status_display()}): {conflict}")
            except ValidationError as error:
                skipped.append(f"{order}: {' '.join(error.messages)}")
        self.message_user(request, f"{done} order{'' if done == 1 else 's'} {bulk.done}.")
        if skipped:
            count = f"{len(skipped)} order{'' if len(skipped) == 1 else 's'}"
            self.message_user(request, f"Skipped {count}: {'; '.join(skipped)}", "warning")
