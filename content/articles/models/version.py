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
    backlink = models.JSONField(default=dict, help_text='{"targetUrl", "anchorText"}')
    backlink_review_status = models.CharField(
        max_length=20, choices=ReviewStatus.choices, default=ReviewStatus.PENDING_REVIEW
    )
    provider = models.CharField(max_length=50)
    model = models.CharField(max_length=200)
    generator = models.CharField(max_length=20, choices=Generator.choices)
    is_demo = models.BooleanField(default=False, help_text="Written by the built-in small model or the extract writer.")
    prompt_version = models.CharField(max_length=40, blank=True)
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
