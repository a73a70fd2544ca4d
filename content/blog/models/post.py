from django.db import models
from django.db.models import Q
from django.urls import reverse

from content.blog.catalogues.base import MEDIA_TYPES, Title
from content.blog.states import PostState
from queues.ids import uuid7


class PostQuerySet(models.QuerySet):
    def published(self) -> "PostQuerySet":
        """What everybody may read."""
        return self.filter(state=PostState.PUBLISHED)


class Post(models.Model):
    """What is written about one title of a catalogue; a title has one post.

    `current` is the version that is shown; `record` what the catalogue said, empty once it is too old to be kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=20, help_text="The catalogue: tmdb or builtin.")
    media_type = models.CharField(max_length=10)
    external_id = models.CharField("id in the catalogue", max_length=40)
    record = models.JSONField(default=dict, blank=True)
    recorded_on = models.DateField(help_text="When the catalogue said so.")
    slug = models.SlugField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=PostState.choices, default=PostState.DRAFT)
    current = models.ForeignKey(
        "blog.PostVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True)
    run = models.ForeignKey(
        "blog.Run", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="posts"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "media_type", "external_id"], name="one_post_per_title"),
            models.CheckConstraint(condition=Q(state__in=PostState.values), name="post_state_known"),
            models.CheckConstraint(condition=Q(media_type__in=MEDIA_TYPES), name="post_media_type_known"),
            models.CheckConstraint(
                condition=~Q(state=PostState.PUBLISHED) | Q(published_at__isnull=False), name="published_post_has_date"
            ),
        ]
        indexes = [
            models.Index(fields=["-published_at", "-id"], condition=Q(state=PostState.PUBLISHED), name="post_newest")
        ]

    def __str__(self) -> str:
        return self.current.title if self.current else self.slug

    def get_absolute_url(self) -> str:
        return reverse("blog:post", args=[self.slug])

    @property
    def title(self) -> Title | None:
        """What the catalogue said; None once that is forgotten."""
        return Title.from_json(self.record) if self.record else None
