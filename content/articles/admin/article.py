"""Articles for staff: those for readers, and the read-only texts of orders with what the check found."""

from django import forms
from django.contrib import admin, messages
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe

from content.articles import publishing
from content.articles.commentary import services
from content.articles.models import Article, ArticleVersion, Commentary
from content.texts.report import as_html
from queues.models import Job

FIELDS = ["title", "content", "source_url", "category", "author", "published_at"]
ORDERED = ["title", "created_at", "updated_at"]
MOST_SELECTED = 200  # each takes milliseconds of one transaction, while somebody waits for the page


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
        return as_html(version.quality)

    @admin.display(description="Text")
    def text(self, version: ArticleVersion) -> str:
        return mark_safe(version.html)  # noqa: S308  sanitised when it was saved


class CommentaryInline(ReadOnly, admin.TabularInline):
    model = Commentary
    fields = ["generated_at", "source", "variant", "model", "text", "problem"]
    extra = 0


class ArticleForm(forms.ModelForm):
    class Meta:
        model = Article
        fields = FIELDS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "published_at" in self.fields:  # without it, it would be the draft of an order
            self.fields["published_at"].required = True

    def clean_source_url(self) -> str:
        address = self.cleaned_data["source_url"]
        if address:
            publishing.web_address(address)
        return address


@admin.register(Article)
class ArticleAdmin(admin.ModelAdmin):
    """Readers' articles are written here; those of orders are read-only, because their texts are versions."""

    form = ArticleForm
    list_display = ["title", "category", "published_at", "said", "latest", "created_at"]
    list_filter = [("published_at", admin.EmptyFieldListFilter), "commentary__source"]
    search_fields = ["title", "source_url"]
    date_hierarchy = "created_at"
    list_select_related = ["commentary"]
    actions = ["ask_for_commentary"]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("versions")

    def get_changeform_initial_data(self, request) -> dict:
        return {"published_at": timezone.now()} | super().get_changeform_initial_data(request)

    def get_fields(self, request, obj=None) -> list[str]:
        return ORDERED if obj and self._is_ordered(obj) else FIELDS

    def get_inlines(self, request, obj) -> list:
        return [VersionInline] if obj and self._is_ordered(obj) else [CommentaryInline]

    def view_on_site(self, obj: Article) -> str | None:
        return reverse("articles:article", args=[obj.pk]) if obj.published_at else None

    def has_change_permission(self, request, obj=None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and self._is_ordered(obj))

    def has_delete_permission(self, request, obj=None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and self._is_ordered(obj))

    def save_model(self, request, obj: Article, form, change: bool) -> None:
        if change:
            publishing.change(obj, **{name: form.cleaned_data[name] for name in form.changed_data})
        else:
            obj.save()

    def delete_model(self, request, obj: Article) -> None:
        publishing.take_away(obj)

    def delete_queryset(self, request, queryset) -> None:
        for article in queryset.filter(versions=None):
            publishing.take_away(article)

    @admin.action(description="Ask AI for a commentary", permissions=["change"])
    def ask_for_commentary(self, request, queryset) -> None:
        articles = queryset.filter(published_at__isnull=False).select_related("commentary")
        if articles.count() > MOST_SELECTED:
            message = f"Nothing done: that is more than {MOST_SELECTED} articles."
            return self.message_user(request, message, messages.ERROR)
        _, answers = services.request_commentaries(articles, owner=request.user)
        asked = sum(isinstance(answer, Job) for answer in answers.values())
        self.message_user(request, f"{asked} commentaries asked for, {len(answers) - asked} were there already.")

    @staticmethod
    def _is_ordered(article: Article) -> bool:
        return article.published_at is None or article.versions.exists()

    @admin.display(description="Commentary", ordering="commentary__source")
    def said(self, article: Article) -> str:
        return article.commentary.get_source_display() if article.commentary else "-"

    @admin.display(description="Latest version")
    def latest(self, article: Article) -> str:
        versions = list(article.versions.all())
        if not versions:
            return "-"
        last, quality = versions[-1], versions[-1].quality
        return f"{last.number}: {last.word_count} words, {quality.get('passed')} of {quality.get('total')} checks"
