"""Staff's view of orders. All of it is written by services; only what is on offer is edited here."""

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince

from orders import outbox, webhook_admin  # noqa: F401  the second registers itself
from orders.actors import Actor
from orders.models import Mail, Order, OrderEvent, Payment, Product, Refund, StripeEvent
from queues.admin import ReadOnly
from queues.models import Job


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "kind", "price_text", "words", "delivery_hours", "active"]
    list_filter = ["active", "kind"]
    search_fields = ["name", "slug"]


class PaymentInline(ReadOnly, admin.TabularInline):
    model = Payment
    fields = ["provider", "status", "amount", "currency", "intent_id", "failure", "created_at", "confirmed_at"]
    extra = 0


class MailInline(ReadOnly, admin.TabularInline):
    model = Mail
    fields = ["kind", "to", "subject", "status", "attempts", "error", "created_at", "sent_at"]
    extra = 0


class EventInline(ReadOnly, admin.TabularInline):
    model = OrderEvent
    fields = ["at", "action", "from_status", "to_status", "actor_kind", "actor_id", "note"]
    extra = 0


@admin.register(Order)
class OrderAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["code", "status", "kind", "email", "product", "age", "attention"]
    list_filter = ["needs_attention", "status", "kind", "priority", "product"]
    list_select_related = ["product"]
    search_fields = ["code", "email", "topic", "target_url", "payments__intent_id"]
    date_hierarchy = "created_at"
    inlines = [PaymentInline, MailInline, EventInline]
    readonly_fields = ["job"]

    @admin.display(ordering="created_at")
    def age(self, order: Order) -> str:
        return timesince(order.created_at, timezone.now(), depth=1)

    @admin.display(ordering="needs_attention")
    def attention(self, order: Order) -> str:
        return order.attention_reason if order.needs_attention else ""

    @admin.display(description="Current job")
    def job(self, order: Order) -> str:
        job = Job.objects.filter(pk=order.current_job).first()
        if job is None:
            return "-"
        return format_html(
            '<a href="{}">{} ({})</a>', reverse("admin:queues_job_change", args=[job.pk]), job, job.state
        )


@admin.register(Refund)
class RefundAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "amount_text", "reason", "status", "created_at"]
    list_filter = ["status", "reason"]
    list_select_related = ["payment__order"]
    search_fields = ["payment__order__code", "payment__intent_id"]

    @admin.display(ordering="payment__order__code")
    def order(self, refund: Refund) -> str:
        return refund.payment.order.code


@admin.register(StripeEvent)
class StripeEventAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["id", "type", "status", "outcome", "order", "attempts", "received_at", "processed_at"]
    list_filter = ["status", "type"]
    list_select_related = ["order"]
    search_fields = ["id", "order__code", "error"]


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "kind", "to", "subject", "status", "attempts", "created_at", "sent_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["order"]
    search_fields = ["order__code", "to", "message_id"]
    actions = ["send_again"]

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, queryset) -> None:
        sent = 0
        for mail in queryset:
            try:
                outbox.resend(mail, Actor("staff", str(request.user.pk)))
                sent += 1
            except outbox.NotSendable as error:
                self.message_user(request, f"{mail}: {error}", messages.WARNING)
        self.message_user(request, f"{sent} in line.")
