"""Versions of articles for staff, to look at. What is decided about them is decided where it was ordered."""

from django.contrib import admin

from content.articles.models import ArticleVersion
from queues.admin import ReadOnly

SHOWN = ["article", "number", "title", "base_version", "revision_notes", "backlink", "earlier_links", "created_at"]


@admin.register(ArticleVersion)
class ArticleVersionAdmin(ReadOnly, admin.ModelAdmin):
    """A text is never changed; a better one is added."""

    list_display = ["title", "number", "word_count", "generator", "backlink_review_status", "created_at"]
    list_filter = ["backlink_review_status", "generator", "is_demo"]
    search_fields = ["title"]
    fields = SHOWN
