"""Requests for staff, read-only: what was asked, how it stands, who wrote it, from which prices."""

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from content.recommendations.models import Recommendation
from queues.admin import ReadOnly
from queues.models import Job


@admin.register(Recommendation)
class RecommendationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = [
        *("created_at", "risk_tolerance", "time_horizon", "capital", "named_sectors", "state", "market_source"),
        *("as_of", "author", "owner", "expires_at"),
    ]
    list_filter = ["market_source", "time_horizon", "risk_tolerance"]
    list_select_related = ["owner"]
    search_fields = ["id"]
    date_hierarchy = "created_at"
    show_full_result_count = False
    fields = [*list_display, "page"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        job = Job.objects.filter(pk=OuterRef("current_job"))
        return super().get_queryset(request).defer("result").annotate(job_state=Subquery(job.values("state")))

    @admin.display(description="Sectors")
    def named_sectors(self, row: Recommendation) -> str:
        return ", ".join(row.sectors)

    @admin.display(description="Job", ordering="job_state")
    def state(self, row: Recommendation) -> str:
        if row.job_state is None:
            return "forgotten"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:queues_job_change", args=[row.current_job]), row.job_state
        )

    @admin.display(description="Text by")
    def author(self, row: Recommendation) -> str:
        return (row.written_by or "template") if row.completed_at else "-"

    @admin.display(description="Page")
    def page(self, row: Recommendation) -> str:
        address = reverse("recommendations:recommendation", args=[row.pk])
        return format_html('<a href="{}">{}</a>', address, address)
