"""Articles on the wire."""

import datetime

from django.utils import timezone
from rest_framework import serializers

from content.articles.models import Article
from content.articles.models.article import LONGEST_CONTENT
from content.articles.publishing import web_address
from content.texts.fields import Text

FUTURE = datetime.timedelta(days=1)  # clocks and time zones of others


class CommentarySerializer(serializers.Serializer):
    text = serializers.CharField()
    source = serializers.CharField(help_text="ai, cache (AI, from the cache) or fallback (an extract, not AI).")
    generatedAt = serializers.DateTimeField(source="generated_at")
    model = serializers.CharField(help_text="Empty for a fallback.")
    isDemo = serializers.BooleanField(source="is_demo", help_text="By the built-in small model: expect mistakes.")


class ArticleSerializer(serializers.Serializer):
    id = serializers.UUIDField(read_only=True)
    title = Text(max_length=250)
    content = Text(
        trim_whitespace=False, help_text="Plain text of at most 100,000 characters; HTML is shown as it stands."
    )
    sourceUrl = Text(
        source="source_url",
        max_length=1000,
        required=False,
        allow_blank=True,
        help_text="http or https; unique; at most 2,000 bytes in UTF-8.",
    )
    publishedAt = serializers.DateTimeField(source="published_at", required=False, help_text="Now, if not given.")
    category = Text(max_length=100, required=False, allow_blank=True)
    author = Text(max_length=200, required=False, allow_blank=True)
    commentary = CommentarySerializer(read_only=True, allow_null=True)
    createdAt = serializers.DateTimeField(source="created_at", read_only=True)
    updatedAt = serializers.DateTimeField(source="updated_at", read_only=True)

    def validate_content(self, value: str) -> str:
        if len(value) > LONGEST_CONTENT:
            raise serializers.ValidationError(f"Must be at most {LONGEST_CONTENT} characters.", "max_length")
        if not value.strip():
            raise serializers.ValidationError("This field may not be blank.", "blank")
        return value

    def validate_sourceUrl(self, value: str) -> str:  # noqa: N802 - the field's name
        if value:
            web_address(value)
        return value

    def validate_publishedAt(self, value: datetime.datetime) -> datetime.datetime:  # noqa: N802
        if not timezone.now() - datetime.timedelta(days=365 * 400) < value < timezone.now() + FUTURE:
            raise serializers.ValidationError("Must be a moment that is not in the future.")
        return value


def view(article: Article) -> dict:
    """The article as JSON."""
    return dict(ArticleSerializer(article).data)
