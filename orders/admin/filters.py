"""What the list of orders can be narrowed to, where a field alone does not say it."""

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from orders import worklists
from orders.models import Payment, PaymentStatus, Refund, RefundStatus
from orders.states import OrderStatus

PAID = Payment.objects.filter(order=OuterRef("pk"), status=PaymentStatus.CONFIRMED)
BACK = Refund.objects.filter(payment__order=OuterRef("pk"))


class PaymentFilter(admin.SimpleListFilter):
    title = "payment"
    parameter_name = "payment"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [
            ("paid", "Paid"),
            ("unpaid", "Not paid"),
            ("refunded", "Money went back"),
            ("refunding", "Refund under way"),
            ("trouble", "Refund needs staff"),
            ("held", "Another sum than the price"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        wanted = {
            "paid": Exists(PAID),
            "unpaid": ~Exists(PAID),
            "refunded": Exists(BACK.filter(status=RefundStatus.SUCCEEDED)),
            "refunding": Exists(BACK.filter(status__in=["requested", "submitted", "pending"])),
            "trouble": Exists(BACK.filter(status__in=["needs_manual", "failed"])),
            "held": Exists(Payment.objects.filter(order=OuterRef("pk"), status=PaymentStatus.HELD)),
        }
        return queryset.filter(wanted[self.value()]) if self.value() in wanted else queryset


class DueFilter(admin.SimpleListFilter):
    """The first version is promised for `due_at`."""

    title = "due"
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [("overdue", "Overdue"), ("coming", "Still in time"), ("late", "Came late")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() == "overdue":
            return queryset.filter(pk__in=worklists.overdue().order_by().values("pk"))
        if self.value() == "coming":
            unwritten = queryset.filter(status=OrderStatus.PROCESSING, current_version=None)
            return unwritten.filter(due_at__gte=timezone.now())
        if self.value() == "late":
            return queryset.filter(events__action="job_done", events__at__gt=F("due_at")).distinct()
        return queryset
