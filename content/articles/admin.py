"""Articles for staff: read-only texts with what the check found."""

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from content.articles.models import Article, ArticleVersion


def quality_lines(version: ArticleVersion) -> str:
    """The quality report as a list: verdict, rule, detail."""
    rules = version.quality.get("rules", [])
    lines = (("✓" if rule["ok"] else f"✗ ({rule['severity']})", rule["label"], rule["detail"]) for rule in rules)
    return format_html_join("", "<div>{} {} <small>{}</small></div>", lines)


class ReadOnly:
    """A version is never changed; a better one is added."""

    def has_add_permission(self, request, *args) -> bool:
        return False

    def has_change_permission(self, request, *args) -> bool:
        return False

    def has_delete_permission(self, request, *args) -> bool:
        return False


class VersionInline(ReadOnly, admin.StackedInline):
    model = ArticleVersion
    fields = ["number", "word_count", "written_by", "check_result", "text", "backlink", "backlink_review_status"]
    readonly_fields = fields
    ordering = ["-number"]
    show_change_link = False

    @admin.display(description="Written by")
    def written_by(self, version: ArticleVersion) -> str:
        demo = ", demo" if version.is_demo else ""
        return f"{version.get_generator_display()}: {version.provider} {version.model}{demo} ({version.prompt_version})"

    @admin.display(description="Quality check")
    def check_result(self, version: ArticleVersion) -> str:
        return quality_lines(version)

    @admin.display(description="Text")
    def text(self, version: ArticleVersion) -> str:
        return mark_safe(version.html)  # noqa: S308  sanitised when it was saved


@admin.register(Article)
class ArticleAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["title", "latest", "created_at"]
    search_fields = ["title"]
    date_hierarchy = "created_at"
    fields = ["title", "created_at", "updated_at"]
    inlines = [VersionInline]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    @admin.display(description="Latest version")
    def latest(self, article: Article) -> str:
        versions = list(article.versions.all())
        if not versions:
            return "-"
        last, quality = versions[-1], versions[-1].quality
        return f"{last.number}: {last.word_count} words, {quality.get('passed')} of {quality.get('total')} checks"
