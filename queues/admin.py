"""Queue monitoring in the Django admin: read-only jobs with actions, live queue settings."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import path

from queues import announce, bell, control, dead_letters, kinds
from queues.models import Job, Queue, RecurringJob
from queues.serializers import CauseSerializer

MOST_SELECTED = 900  # each takes milliseconds, while somebody waits; a form may have 1,000 fields


class Kept:
    """Rows that nobody adds or deletes by hand."""

    can_delete = False

    def never(self, request: HttpRequest, obj=None) -> bool:
        return False

    has_add_permission = has_delete_permission = never


class ReadOnly(Kept):
    """Rows that only the engine writes."""

    has_change_permission = Kept.never


@admin.register(Queue)
class QueueAdmin(Kept, admin.ModelAdmin):
    """The list is the queue monitor, a queue's page its live settings."""

    readonly_fields = ["name", "paused_by"]

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        return super().changelist_view(request, {"title": "Queues"} | (extra_context or {}))

    def save_model(self, request: HttpRequest, obj: Queue, form, change) -> None:
        obj.paused_by = request.user.get_username() if obj.paused else ""
        super().save_model(request, obj, form, change)
        bell.ring_after_commit()
        announce.line_after_commit(obj.name)


class DeadLetterPages:
    """Failed jobs by cause, and one page to confirm before a whole group is retried."""

    def get_urls(self) -> list:
        views = [("dead-letters/", self.dead_letters, ""), ("dead-letters/retry/", self.retry_group, "_retry")]
        wrap = self.admin_site.admin_view
        return [path(at, wrap(view), name=f"queues_dead_letters{end}") for at, view, end in views] + super().get_urls()

    def dead_letters(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return self.page(request, "dead_letters", "Dead letters", groups=dead_letters.groups(Job.objects.all()))

    def retry_group(self, request: HttpRequest) -> HttpResponse:
        """GET says what would happen, POST does it."""
        if not self.has_control_permission(request):
            raise PermissionDenied
        asked = CauseSerializer(data=request.POST or request.GET)
        if not asked.is_valid():
            raise Http404
        if request.method == "POST":
            retried = dead_letters.retry(by=request.user, **asked.validated_data)
            if isinstance(retried, Job):
                self.message_user(request, "This job puts them back in line. You may cancel it on the list of jobs.")
                return redirect("admin:queues_job_change", retried.pk)
            self.message_user(request, f"{retried} job{pluralize(retried)} put back in line.")
            return redirect("admin:queues_dead_letters")
        forecast = dead_letters.forecast(dead_letters.members(**asked.validated_data))
        return self.page(request, "retry_dead_letters", "Retry dead letters", asked=asked.data, forecast=forecast)

    def page(self, request: HttpRequest, name: str, title: str, **context) -> HttpResponse:
        context |= {"title": title, "opts": self.opts, "may_retry": self.has_control_permission(request)}
        return TemplateResponse(request, f"admin/queues/{name}.html", self.admin_site.each_context(request) | context)


class QueueFilter(admin.SimpleListFilter):
    """What may be chosen is known without reading every job, of which there may be a million."""

    title = parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [(name, name) for name in settings.QUEUES]

    def queryset(self, request: HttpRequest, queryset):
        return queryset.filter(**{self.parameter_name: self.value()}) if self.value() else queryset


class KindFilter(QueueFilter):
    title = parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin) -> list[tuple[str, str]]:
        return [(name, name) for name in kinds.names()]


put_first, put_last = partial(control.change_priority, priority=1), partial(control.change_priority, priority=10)


def action(name: str, description: str, change: Callable[[Job], bool], words: str, *, asks: bool = False) -> Callable:
    """An action of the list of jobs. One that `asks` shows first what it would be done to, if that is more than one."""

    @admin.action(description=description, permissions=["control"])
    def act(desk: "JobAdmin", request: HttpRequest, jobs: QuerySet[Job]) -> HttpResponse | None:
        if (count := jobs.count()) > MOST_SELECTED:
            message = f"Nothing done: that is more than {MOST_SELECTED} jobs. Dead letters by cause have no such limit."
            return desk.message_user(request, message, messages.ERROR)
        if asks and count > 1 and "sure" not in request.POST:
            return desk.page(request, "sure", f"{description}?", jobs=jobs, action=name)
        results = [change(job) for job in jobs]
        done = sum(results)
        desk.message_user(request, f"{done} job{pluralize(done)} {words}, {len(results) - done} skipped: wrong state.")

    act.__name__ = name
    return act


@admin.register(Job)
class JobAdmin(DeadLetterPages, ReadOnly, admin.ModelAdmin):
    list_display = ["__str__", "state", "subject_label", "queue", "priority", "attempts_made", "created_at"]
    list_filter = ["state", QueueFilter, KindFilter]
    search_fields = ["id", "subject_id", "subject_label", "error_message"]
    show_full_result_count = False
    actions = [
        action("cancel", "Cancel selected jobs", control.cancel, "cancelled or asked to stop", asks=True),
        action("retry", "Retry selected dead letters", control.retry, "put back in line", asks=True),
        action("promote", "Let selected delayed jobs start now", control.promote, "may start now"),
        action("to_the_front", "Move selected to the front of the line (priority 1)", put_first, "moved to the front"),
        action("to_the_back", "Move selected to the back of the line (priority 10)", put_last, "moved to the back"),
    ]

    def has_control_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("queues.change_job")


@admin.register(RecurringJob)
class RecurringJobAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["name", "slot"]
