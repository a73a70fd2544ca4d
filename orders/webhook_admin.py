"""Webhooks of clients in the admin: looking, and sending again. Secrets are nowhere."""

from django.contrib import admin, messages
from django.http import HttpRequest

from orders.client_webhooks import delivering
from orders.models import WebhookDelivery, WebhookEndpoint
from queues.admin import ReadOnly


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["url", "owner", "created_at", "disabled_at", "disabled_because"]
    list_select_related = ["owner"]
    search_fields = ["url", "owner__username"]


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["type", "endpoint", "order", "status", "attempts", "answer", "error", "created_at", "delivered_at"]
    list_filter = ["status", "type"]
    list_select_related = ["endpoint", "event__order"]
    search_fields = ["event__order__code", "endpoint__url"]
    actions = ["send_again"]

    @admin.display(ordering="event__order__code")
    def order(self, delivery: WebhookDelivery) -> str:
        return delivery.event.order.code

    @admin.action(description="Send again")
    def send_again(self, request: HttpRequest, queryset) -> None:
        sent = 0
        for delivery in queryset:
            try:
                delivering.resend(delivery)
                sent += 1
            except delivering.NotSendable as error:
                self.message_user(request, f"{delivery}: {error}", messages.WARNING)
        self.message_user(request, f"{sent} in line.")
