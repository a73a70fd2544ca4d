"""The outbox: what was written to customers, and whether it went out."""

from django.contrib import admin

from orders.models import Mail
from queues.admin import ReadOnly


@admin.register(Mail)
class MailAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["order", "kind", "to", "subject", "status", "attempts", "created_at", "sent_at"]
    list_filter = ["status", "kind"]
    list_select_related = ["order"]
    search_fields = ["order__code", "to", "message_id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
