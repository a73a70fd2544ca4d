"""What was said about articles, read-only, and how the variants of the prompt do."""

import datetime

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from content.articles.admin.article import ReadOnly
from content.articles.commentary import results
from content.articles.models import Commentary, Vote
from queues import clock

PERIODS = (1, 7, 30, 366)  # days
DAYS = 30


class ProblemFilter(admin.AllValuesFieldListFilter):
    """Its choice of no problem has a name."""

    def choices(self, changelist):
        return [choice | {"display": choice["display"] or "None"} for choice in super().choices(changelist)]


@admin.register(Commentary)
class CommentaryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["article", "source", "variant", "model", "took", "dollars", "views", "votes", "generated_at"]
    list_filter = ["source", "variant", ("problem", ProblemFilter)]
    list_select_related = ["article"]
    search_fields = ["article__title"]
    show_full_result_count = False

    def get_queryset(self, request):
        votes = Vote.objects.filter(commentary=OuterRef("pk")).order_by().values("commentary")
        counts = {"all_votes": Count("pk"), "helpful_votes": Count("pk", filter=Q(helpful=True))}
        # In subqueries, which are asked for the rows of one page; a join would group all there are.
        counted = {name: Subquery(votes.annotate(count=count).values("count")) for name, count in counts.items()}
        return super().get_queryset(request).annotate(**counted)

    @admin.display(ordering="seconds")
    def took(self, commentary: Commentary) -> str:
        return "-" if commentary.seconds is None else f"{commentary.seconds:.1f} s"

    @admin.display(description="Cost", ordering="cost")
    def dollars(self, commentary: Commentary) -> str:
        return "-" if commentary.cost is None else f"${commentary.cost:.4f}"

    @admin.display(description="Helpful")
    def votes(self, commentary: Commentary) -> str:
        return f"{commentary.helpful_votes} of {commentary.all_votes}" if commentary.all_votes else "-"

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.analytics)
        return [path("analytics/", view, name="articles_commentary_analytics"), *super().get_urls()]

    def analytics(self, request: HttpRequest) -> HttpResponse:
        """Results per variant, for one of a few periods."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = request.GET.get("days", "")
        days = int(asked) if asked in map(str, PERIODS) else DAYS
        variants = results.by_variant(clock.now() - datetime.timedelta(days=days))
        context = self.admin_site.each_context(request) | {
            "title": "Results of the commentary",
            "opts": self.opts,
            "days": days,
            "periods": PERIODS,
            "rows": [results.together(variants), *variants],
        }
        return TemplateResponse(request, "admin/articles/analytics.html", context)
