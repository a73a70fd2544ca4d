"""Stories: a text, the scores computed from its words, and apart from them what a language model found."""

from django.conf import settings
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from queues.ids import uuid7

LONGEST_CONTENT = 20_000  # characters: however JSON escapes them, a body of 256 kB holds them
LONGEST_TAG, MOST_TAGS = 40, 10
RANGE = (0, 10)
NO_KEY = "no_key"
SCORES = ("hype_score", "ethics_score", "enhanced_hype_score", "enhanced_ethics_score")


class Score(models.FloatField):
    """A number from 0 to 10 with one decimal."""

    def __init__(self, **options):
        options.setdefault("validators", [MinValueValidator(RANGE[0]), MaxValueValidator(RANGE[1])])
        super().__init__(**options)


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user) -> "StoryQuerySet":
        """What this user may list and change: the own ones, and for staff all."""
        return self if user.is_staff else self.filter(owner=user.pk)

    def without_key(self) -> "StoryQuerySet":
        """Those whose last enhancement ended because no key was set for any model that might judge them."""
        return self.filter(left_because=NO_KEY)


class Story(models.Model):
    """`hype_score` and `ethics_score` are the local ones; what a model says never replaces them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="stories"
    )
    title = models.CharField(max_length=200)
    content = models.TextField(validators=[MaxLengthValidator(LONGEST_CONTENT)])
    sector_tag = models.CharField(max_length=60, blank=True, db_index=True)
    text_version = models.PositiveIntegerField(default=1, help_text="Raised when title or content change.")
    hype_score = Score()
    ethics_score = Score()
    evidence = models.JSONField(default=dict, help_text='{"hype": [{"word", "forms", "count", ...}], "ethics": [...]}')
    lexicon_version = models.CharField(max_length=40)
    enhanced_hype_score = Score(null=True, blank=True)
    enhanced_ethics_score = Score(null=True, blank=True)
    reality_check = models.TextField(blank=True)
    eli5_summary = models.TextField(blank=True)
    enhanced_by = models.CharField(max_length=250, blank=True, help_text="provider/model")
    prompt_version = models.CharField(max_length=40, blank=True)
    enhanced_at = models.DateTimeField(null=True, blank=True)
    current_job = models.UUIDField(null=True, blank=True, help_text="The last job that was asked to enhance it.")
    # Kept here, as jobs are pruned.
    left_because = models.CharField(max_length=60, blank=True, help_text="Why that job has left it as it is, if so.")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StoryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "stories"
        indexes = [
            models.Index(fields=["owner", "-id"], name="story_owner"),
            models.Index(fields=["id"], condition=Q(left_because=NO_KEY), name="story_without_key"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": RANGE}) | Q(**{f"{name}__isnull": True}), name=f"story_{name}_0_to_10"
            )
            for name in SCORES
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_enhanced(self) -> bool:
        return self.enhanced_at is not None


class ImpactTag(models.Model):
    """A tag of a story, in the order in which they were given."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=LONGEST_TAG)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["story", "name"], name="one_tag_per_story_and_name")]
        indexes = [models.Index(fields=["name", "story"], name="story_by_tag")]

    def __str__(self) -> str:
        return self.name
