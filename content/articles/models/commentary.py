import uuid

from django.db import models
from django.db.models import Q

from content.articles.models.article import Article


class Source(models.TextChoices):
    AI = "ai", "Written by AI"
    CACHE = "cache", "Written by AI, from the cache"
    FALLBACK = "fallback", "Automatic extract, not written by AI"


class Commentary(models.Model):
    """What was said about one state of an article's text. Never changed; `Article.commentary` is the one that counts.

    Rows stay when a better one comes: results per variant are counted from them.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="commentaries")
    text = models.TextField()
    source = models.CharField(max_length=10, choices=Source.choices)
    variant = models.CharField(max_length=40, help_text="Of the prompt; the article's for good.")
    prompt_version = models.CharField(max_length=40)
    provider = models.CharField(max_length=50, blank=True)
    model = models.CharField(max_length=200, blank=True)
    is_demo = models.BooleanField(default=False, help_text="Written by the built-in small model.")
    seconds = models.FloatField(null=True, help_text="That the model took for this answer.")
    cost = models.DecimalField(max_digits=16, decimal_places=8, null=True, help_text="US dollars, failed tries too.")
    job_id = models.UUIDField(null=True, help_text="No foreign key: jobs are pruned.")
    problem = models.CharField(max_length=60, blank=True, help_text="Why no model wrote it.")
    views = models.PositiveIntegerField(default=0)
    generated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "commentaries"
        ordering = ["-generated_at"]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=Source.values), name="commentary_source_known"),
        ]
        indexes = [models.Index(fields=["-generated_at"], name="commentary_newest")]

    def __str__(self) -> str:
        return f"{self.get_source_display()}: {self.text[:60]}"


class Vote(models.Model):
    """One reader's opinion of one commentary; voting again replaces it."""

    commentary = models.ForeignKey(Commentary, on_delete=models.CASCADE, related_name="votes")
    reader = models.CharField(max_length=64, help_text="A random name from the reader's cookie, or the user's id.")
    helpful = models.BooleanField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commentary", "reader"], name="one_vote_per_reader")]

    def __str__(self) -> str:
        return "helpful" if self.helpful else "not helpful"
