import uuid

from django.db import models
from django.db.models import Q

from content.articles.models.article import Article


class ReviewStatus(models.TextChoices):
    PENDING_REVIEW = "PENDING_REVIEW", "Pending review"
    APPROVED = "APPROVED", "Approved"
    REJECTED = "REJECTED", "Rejected"


class Generator(models.TextChoices):
    AI = "ai", "Language model"
    EXTRACT = "extract", "Automatic extract"
    PERSON = "person", "A person"  # the text that an article had before anything was written here


class Rel(models.TextChoices):
    """How a paid link is marked for search engines, who ask for "sponsored"."""

    SPONSORED = "sponsored", "sponsored"
    NOFOLLOW = "nofollow", "nofollow"
    BOTH = "sponsored nofollow", "sponsored and nofollow"
    UGC = "ugc", "ugc"
    NONE = "", "not marked"


class ArticleVersion(models.Model):
    """One text of an article, with who wrote it and what the quality check found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=250)
    markdown = models.TextField()
    html = models.TextField(help_text="Sanitised; safe to show.")
    word_count = models.PositiveIntegerField()
    quality = models.JSONField(default=dict, help_text='{"passed", "total", "rules": [{"name", "label", "ok", ...}]}')
    backlink = models.JSONField(default=dict, help_text='{"targetUrl", "anchorText"}, and "rel" if staff changed it')
    earlier_links = models.JSONField(default=list, help_text="Paid links of other orders that the text had before.")
    base_version = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="What it was made from."
    )
    revision_notes = models.TextField(blank=True, help_text="The wishes that it answers.")
    backlink_review_status = models.CharField(
        max_length=20, choices=ReviewStatus.choices, default=ReviewStatus.PENDING_REVIEW
    )
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    generator = models.CharField(max_length=20, choices=Generator.choices)
    is_demo = models.BooleanField(default=False, help_text="Written by the built-in small model or the extract writer.")
    prompt_version = models.CharField(max_length=40, blank=True)
    # quality.originality.sketch() of the text, to find copies by; empty for texts that no model wrote.
    sketch = models.BinaryField(default=b"", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_version_per_number"),
            models.CheckConstraint(
                condition=Q(backlink_review_status__in=ReviewStatus.values), name="backlink_review_status_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def paid_links(self) -> list[dict]:
        """All paid links of the text, each {"targetUrl", "anchorText"[, "rel"]}; this order's first."""
        return [*([self.backlink] if self.backlink else []), *self.earlier_links]


def link_key(link: dict) -> tuple[str, str]:
    """What makes two paid links the same one, however they are marked."""
    return link["targetUrl"], link["anchorText"]
