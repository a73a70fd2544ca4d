"""Queue monitoring in the Django admin: read-only jobs with actions, live queue settings."""

from django.contrib import admin
from django.http import HttpRequest

from queues import bell, control
from queues.models import Attempt, Job, JobEvent, Queue, Worker


class ReadOnly:
    """Rows that only the engine writes."""

    can_delete = False

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Queue)
class QueueAdmin(admin.ModelAdmin):
    list_display = ["name", "paused", "concurrency", "rate_max", "rate_window", "max_attempts"]
    readonly_fields = ["name", "paused_by"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Queue, form, change) -> None:
        obj.paused_by = request.user.get_username() if obj.paused else ""
        super().save_model(request, obj, form, change)
        bell.ring_after_commit()


class AttemptInline(ReadOnly, admin.TabularInline):
    model = Attempt
    fields = ["number", "worker", "dispatched_at", "started_at", "finished_at", "outcome", "error"]
    extra = 0


class EventInline(ReadOnly, admin.TabularInline):
    model = JobEvent
    fields = ["at", "level", "message"]
    extra = 0


@admin.register(Job)
class JobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "subject_label", "queue", "state", "priority", "attempts_made", "created_at"]
    list_filter = ["state", "queue", "kind"]
    search_fields = ["id", "subject_id", "subject_label", "error_message"]
    show_facets = admin.ShowFacets.ALWAYS
    inlines = [AttemptInline, EventInline]
    actions = ["cancel", "retry", "promote"]

    @admin.action(description="Cancel selected jobs", permissions=["control"])
    def cancel(self, request: HttpRequest, queryset) -> None:
        self._each(request, queryset, control.cancel, "cancelled or asked to stop")

    @admin.action(description="Retry selected dead letters", permissions=["control"])
    def retry(self, request: HttpRequest, queryset) -> None:
        self._each(request, queryset, control.retry, "put back in line")

    @admin.action(description="Let selected delayed jobs start now", permissions=["control"])
    def promote(self, request: HttpRequest, queryset) -> None:
        self._each(request, queryset, control.promote, "may start now")

    def has_control_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("queues.change_job")

    def _each(self, request: HttpRequest, jobs, change, words: str) -> None:
        results = [change(job) for job in jobs]
        self.message_user(request, f"{sum(results)} jobs {words}, {len(results) - sum(results)} skipped: wrong state.")


@admin.register(Worker)
class WorkerAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "slots", "busy", "rss", "stopping", "last_seen"]
