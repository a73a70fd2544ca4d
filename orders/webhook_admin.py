"""Webhooks of clients in the admin: looking, and sending again. Secrets are nowhere."""

from django.contrib import admin, messages
from django.http import HttpRequest

from orders.admin.actions.base import actor_of
from orders.client_webhooks import delivering
from orders.models import WebhookDelivery, WebhookEndpoint
from orders.rights import REVIEW
from queues.admin import ReadOnly

MOST_SELECTED = 200  # each is a transaction while somebody waits


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

    def has_view_permission(self, request: HttpRequest, obj=None) -> bool:
        return super().has_view_permission(request, obj) or self.has_review_permission(request)

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(REVIEW)

    @admin.action(description="Send again", permissions=["review"])
    def send_again(self, request: HttpRequest, queryset) -> None:
        deliveries, sent = list(queryset[: MOST_SELECTED + 1]), 0
        if len(deliveries) > MOST_SELECTED:
            message = f"Nothing was done: that is more than {MOST_SELECTED} webhooks at once."
            return self.message_user(request, message, messages.ERROR)
        for delivery in deliveries:
            try:
                delivering.resend(delivery, actor_of(request.user))
                sent += 1
            except delivering.NotSendable as error:
                self.message_user(request, f"{delivery}: {error}", messages.WARNING)
        self.message_user(request, f"{sent} in line.")
