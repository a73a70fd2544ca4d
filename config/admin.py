"""Staff's view of API tokens, to revoke and never to read, of the workers, and of Celery's results."""

from django.contrib import admin
from django.utils import timezone
from django_celery_results.admin import GroupResultAdmin, TaskResultAdmin
from django_celery_results.models import GroupResult, TaskResult

from config.ai_settings.admin import AIKeyAdmin
from config.models import ApiToken
from queues.admin import ReadOnly
from queues.models import Worker

__all__ = ["AIKeyAdmin", "ApiTokenAdmin", "GroupResults", "TaskResults", "WorkerAdmin"]

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


@admin.register(Worker)
class WorkerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "slots", "busy", "memory", "stopping", "last_seen"]
    exclude = ["rss", "queues"]
    readonly_fields = ["memory", "listens_to"]

    @admin.display(ordering="rss", description="Memory, MB")
    def memory(self, worker: Worker) -> str:
        return f"{worker.rss / 1e6:.0f}" if worker.rss else "-"

    @admin.display(description="Listens to")
    def listens_to(self, worker: Worker) -> str:
        return ", ".join(worker.queues)


class Results:
    """Celery alone writes them. The form for a new one of a task had no field: a row without an id, and then 500."""

    def has_add_permission(self, request) -> bool:
        return False


admin.site.unregister([TaskResult, GroupResult])


@admin.register(TaskResult)
class TaskResults(Results, TaskResultAdmin):
    pass


@admin.register(GroupResult)
class GroupResults(Results, GroupResultAdmin):
    pass
