"""Staff's view of API tokens: revoke, never read."""

from django.contrib import admin
from django.utils import timezone

from config.ai_settings.admin import AIKeyAdmin
from config.models import ApiToken

__all__ = ["AIKeyAdmin", "ApiTokenAdmin"]

admin.site.site_header = admin.site.site_title = "Copydesk"
admin.site.index_title = "Desk"


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    list_display = ["prefix", "user", "label", "created_at", "last_used_at", "expires_at", "revoked_at"]
    readonly_fields = ["prefix", "user", "created_at", "last_used_at", "revoked_at"]
    exclude = ["digest"]
    actions = ["revoke"]

    def has_add_permission(self, request) -> bool:
        return False

    @admin.action(description="Revoke selected tokens")
    def revoke(self, request, queryset) -> None:
        count = queryset.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{count} tokens revoked.")
