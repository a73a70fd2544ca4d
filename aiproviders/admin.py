from django.contrib import admin

from aiproviders.models import AICall


@admin.register(AICall)
class AICallAdmin(admin.ModelAdmin):
    """The ledger: to be read, by nobody to be written."""

    list_display = [
        "created_at", "provider", "model_asked", "purpose", "outcome", "input_tokens", "output_tokens", "milliseconds",
        "cost", "user",
    ]  # fmt: skip
    list_filter = ["provider", "outcome", "purpose"]
    list_select_related = ["user"]
    search_fields = ["=job_id", "model_asked"]
    date_hierarchy = "created_at"
    show_full_result_count = False

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
