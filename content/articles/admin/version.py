"""Versions of articles for staff: to look at, and to say how the ordered link is marked."""

from django import forms
from django.contrib import admin

from content.articles.live import mark_link
from content.articles.models import ArticleVersion, Rel

SHOWN = ["article", "number", "title", "base_version", "revision_notes", "backlink", "earlier_links", "created_at"]


class RelForm(forms.ModelForm):
    rel = forms.ChoiceField(
        choices=Rel.choices, required=False, help_text="Search engines ask for “sponsored” on links that are paid for."
    )

    class Meta:
        model = ArticleVersion
        fields: list[str] = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["rel"] = self.instance.backlink.get("rel", Rel.SPONSORED)


@admin.register(ArticleVersion)
class ArticleVersionAdmin(admin.ModelAdmin):
    """A text is never changed; a better one is added."""

    form = RelForm
    list_display = ["title", "number", "word_count", "generator", "backlink_review_status", "created_at"]
    list_filter = ["backlink_review_status", "generator", "is_demo"]
    search_fields = ["title"]
    fields = readonly_fields = SHOWN

    def get_fields(self, request, obj=None) -> list[str]:
        return [*SHOWN, "rel"] if obj and obj.backlink and self.has_change_permission(request, obj) else SHOWN

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def save_model(self, request, obj: ArticleVersion, form: RelForm, change: bool) -> None:
        if "rel" in form.changed_data:
            mark_link(obj, form.cleaned_data["rel"])
