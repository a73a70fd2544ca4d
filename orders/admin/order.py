"""The list of orders, and the page of one."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil

from orders import reviewing, selectors, worklists
from orders.admin import badges, spreadsheet
from orders.admin.acting import ActingMixin
from orders.admin.bulk import BulkMixin
from orders.admin.filters import DueFilter, PaymentFilter
from orders.admin.order_page import order_page
from orders.admin.version_page import VersionMixin
from orders.models import Order, Priority
from orders.payments import inbox
from orders.rights import REFUND, REVIEW, may_see
from orders.states import OrderStatus
from orders.wire import payment_status
from queues.admin import ReadOnly


@admin.register(Order)
class OrderAdmin(ActingMixin, VersionMixin, BulkMixin, ReadOnly, admin.ModelAdmin):
    list_display = ["code", "state", "payment", "attention", "due", "age", "ranked", "product", "kind"]
    list_filter = ["needs_attention", DueFilter, "status", PaymentFilter, "kind", "priority", "product"]
    list_select_related = ["product"]
    list_per_page = 50
    search_fields = [
        "=code",
        "email",
        "topic",
        "target_url",
        "=article__slug",
        "payments__intent_id",
        "payments__session_id",
    ]
    date_hierarchy = "created_at"
    show_full_result_count = False
    change_list_template = "admin/orders/orders.html"
    actions = ["export_csv", "approve", "requeue", "set_priority", "resend"]

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_view_permission(request, obj) or may_see(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or may_see(request.user)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("payments__refunds__payment")

    def get_urls(self) -> list:
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:order_id>/do/<slug:name>/", wrap(self.act), name="orders_order_act"),
            path("<uuid:order_id>/version/<int:number>/", wrap(self.version), name="orders_order_version"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        lists = {
            "attention_count": worklists.needing_attention().count(),
            "overdue_count": worklists.overdue().count(),
            "review_count": reviewing.waiting().count(),
            "lost_events_count": inbox.unhandled().count() if request.user.has_perm(REFUND) else 0,
            "may_review": request.user.has_perm(REVIEW),
        }
        return super().changelist_view(request, lists | (extra_context or {}))

    def change_view(self, request: HttpRequest, object_id: str, form_url="", extra_context=None) -> HttpResponse:
        order = selectors.order_by_text(object_id)
        if order is None:
            raise Http404
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request, order):
            raise PermissionDenied
        page = order_page(order, request.user)
        context = {"title": f"Order {order}", "subtitle": None, "opts": self.opts, "order": order, "page": page}
        context = self.admin_site.each_context(request) | context
        return TemplateResponse(request, "admin/orders/order.html", context)

    @admin.display(description="Status", ordering="status")
    def state(self, order: Order) -> SafeString:
        return badges.of_status(order)

    @admin.display(description="Payment")
    def payment(self, order: Order) -> SafeString:
        payments = list(order.payments.all())
        refunds = [refund for payment in payments for refund in payment.refunds.all()]
        return badges.of_payment(payment_status(payments, refunds))

    @admin.display(ordering="created_at")
    def age(self, order: Order) -> str:
        return timesince(order.created_at, timezone.now(), depth=1)

    @admin.display(ordering="due_at")
    def due(self, order: Order) -> str | SafeString:
        if order.due_at is None or order.status != OrderStatus.PROCESSING or order.current_version_id:
            return "-"
        now = timezone.now()
        if order.due_at >= now:
            return f"in {timeuntil(order.due_at, now, depth=1)}"
        return badges.badge(f"{timesince(order.due_at, now, depth=1)} overdue", "bad")

    @admin.display(description="Priority", ordering="priority")
    def ranked(self, order: Order) -> str | SafeString:
        words = order.get_priority_display()
        return words if order.priority == Priority.NORMAL else format_html("<strong>{}</strong>", words)

    @admin.display(ordering="needs_attention")
    def attention(self, order: Order) -> str:
        return order.attention_reason if order.needs_attention else ""

    @admin.action(description="Export as CSV", permissions=["view"])
    def export_csv(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse:
        return spreadsheet.response(queryset.select_related("product"))
