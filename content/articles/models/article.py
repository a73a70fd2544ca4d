import hashlib
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.articles.models.domain import Domain

LONGEST_CONTENT = 100_000  # characters
LONGEST_SLUG = 80


class ArticleQuerySet(models.QuerySet):
    def readable(self) -> "ArticleQuerySet":
        """What readers and API clients may see. A text that is still being written for an order is not."""
        return self.filter(published_at__isnull=False)


class Article(models.Model):
    """Something to be read: what staff, a client or a feed brought, or what is written here in versions.

    `content` is plain text, paragraphs are parted by an empty line. While `published_at` is empty it is a draft.
    What was written here has versions; `published_version` is the live one, at `slug` of `domain` (None: this site's).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=250)
    content = models.TextField(blank=True, max_length=LONGEST_CONTENT)
    source_url = models.CharField("source URL", max_length=1000, blank=True)
    category = models.CharField(max_length=100, blank=True)
    author = models.CharField(max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    domain = models.ForeignKey(Domain, null=True, blank=True, on_delete=models.PROTECT, related_name="articles")
    slug = models.CharField(
        max_length=LONGEST_SLUG, blank=True, editable=False, help_text="Its address, given at the first publication."
    )
    published_version = models.ForeignKey(
        "articles.ArticleVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    feed_key = models.CharField(
        max_length=64, blank=True, editable=False, help_text="Of feed and guid: an item is taken over once."
    )
    commentary = models.ForeignKey(
        "articles.Commentary", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_url"],
                condition=~Q(source_url=""),
                name="one_article_per_source",
                violation_error_message="There is an article with this address already.",
            ),
            models.UniqueConstraint(fields=["feed_key"], condition=~Q(feed_key=""), name="one_article_per_feed_item"),
            models.UniqueConstraint(fields=["domain", "slug"], condition=~Q(slug=""), name="one_article_per_slug"),
            # In a unique constraint no domain differs from no domain.
            models.UniqueConstraint(
                fields=["slug"], condition=~Q(slug="") & Q(domain=None), name="one_article_per_own_slug"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(published_at__isnull=False), name="article_newest"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_url(self) -> str:
        """Where readers find the live version; "" while there is none."""
        if self.published_version_id is None:
            return ""
        base = self.domain.url if self.domain else settings.PUBLIC_URL
        return f"{base}/articles/{self.slug}"

    @property
    def fingerprint(self) -> str:
        """Of the text: a commentary on another one is not about this."""
        return hashlib.sha256(f"{self.title}\n\n{self.content}".encode()).hexdigest()[:16]
