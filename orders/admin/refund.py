"""Money that goes back, as a list of its own."""

from django.contrib import admin

from orders.models import Refund
from queues.admin import ReadOnly


@admin.register(Refund)
class RefundAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "amount_text", "reason", "status", "failure", "created_at", "settled_at"]
    list_filter = ["status", "reason"]
    list_select_related = ["payment__order"]
    search_fields = ["payment__order__code", "payment__intent_id", "provider_id"]
    date_hierarchy = "created_at"

    @admin.display(ordering="payment__order__code")
    def order(self, refund: Refund) -> str:
        return refund.payment.order.code
