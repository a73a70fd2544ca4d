from django.conf import settings
from django.db import models
from django.db.models import Q

from content.blog.models.post import Post
from content.blog.states import Generator

LONGEST_TITLE, LONGEST_SEO_TITLE, LONGEST_DESCRIPTION = 150, 60, 155
LONGEST_MARKDOWN = 40_000  # characters


class PostVersion(models.Model):
    """One text of a post, with who wrote it and what the check found. Never changed; a better one is added."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=LONGEST_TITLE)
    seo_title = models.CharField("SEO title", max_length=LONGEST_SEO_TITLE)
    description = models.CharField("SEO description", max_length=LONGEST_DESCRIPTION)
    markdown = models.TextField(max_length=LONGEST_MARKDOWN)
    html = models.TextField(help_text="Sanitised; safe to show.")
    word_count = models.PositiveIntegerField()
    quality = models.JSONField(
        default=dict, blank=True, help_text='{"passed", "total", "blocking", "rules": [{"name", "label", "ok", ...}]}'
    )
    generator = models.CharField(max_length=10, choices=Generator.choices)
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    job_id = models.UUIDField(null=True, blank=True, help_text="The job that wrote it; its cost is the version's.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["post", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["post", "number"], name="one_post_version_per_number"),
            models.CheckConstraint(condition=Q(generator__in=Generator.values), name="post_generator_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"

    @property
    def failed_rules(self) -> list[dict]:
        """The rules that keep this text from being published by itself."""
        return [rule for rule in self.quality.get("rules", []) if not rule["ok"] and rule["severity"] == "block"]

    @property
    def byline(self) -> str:
        """Who wrote it, in words for readers."""
        if self.generator == Generator.TEMPLATE:
            return "Automatic text from catalogue data, not AI-written"
        if self.generator == Generator.STAFF:
            return "Edited by staff"
        return f"Written by AI: {self.provider} {self.model}"
