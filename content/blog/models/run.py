from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from content.blog.catalogues.base import LISTINGS, Query
from queues.ids import uuid7
from queues.states import OPEN

MOST_POSTS, MOST_A_DAY = 50, 500
FIRST_YEAR, LAST_YEAR = 1870, 2100
YEARS = [MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)]
LISTING_LABELS = {name: name.replace("_", " ").capitalize() for name in LISTINGS}
MEDIA_LABELS = {"movie": "Movies", "tv": "TV shows"}


class Mode(models.TextChoices):
    BATCH = "batch", "Batch"
    CONTINUOUS = "continuous", "Continuous"


class Ending(models.TextChoices):
    """How a run ended. While its job is known, that says it; jobs are forgotten, runs are not."""

    COMPLETED = "completed", "Done"
    STOPPED = "stopped", "Stopped"
    FAILED = "failed", "Failed"


class RunQuerySet(models.QuerySet):
    def told(self) -> "RunQuerySet":
        """With the jobs of their last rounds, in one statement: what is counted here fits what those say."""
        return self.select_related("job", "owner")

    def open(self) -> "RunQuerySet":
        """Those that write, wait, or will go on by themselves."""
        return self.filter(job__state__in=OPEN)


class Run(models.Model):
    """A wish for posts about the titles of a listing. A batch has one round; a continuous run has one after another.

    A round is a job with a job per post, and those say how it goes. What is counted here is of the rounds that are
    over: finished jobs are pruned.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # Whoever goes takes the runs along: without an owner the house would pay for them.
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="blog_runs")
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.BATCH)
    listing = models.CharField("source", max_length=20, choices=LISTING_LABELS, default="popular")
    media_type = models.CharField(max_length=10, choices=MEDIA_LABELS, default="movie")
    count = models.PositiveIntegerField(
        "posts", default=10, validators=[MinValueValidator(1), MaxValueValidator(MOST_POSTS)], help_text="Per round."
    )
    min_rating = models.FloatField(
        "lowest rating", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    year_from = models.PositiveIntegerField("from year", null=True, blank=True, validators=YEARS)
    year_to = models.PositiveIntegerField("to year", null=True, blank=True, validators=YEARS)
    include_adult = models.BooleanField("adult titles too", default=False)
    genres = models.JSONField(default=list, blank=True, help_text="A title must have all of them.")
    ai_model = models.CharField("AI model", max_length=240, help_text="provider/model")
    auto_publish = models.BooleanField("publish what passes its check", default=False)
    daily_cap = models.PositiveIntegerField(
        "posts a day at most",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_A_DAY)],
        help_text="Of a continuous run. The day is a UTC day. Empty: as many as in one round.",
    )
    job = models.ForeignKey(
        "queues.Job",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The last round.",
    )
    ending = models.CharField(max_length=10, choices=Ending, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    written = models.PositiveIntegerField(default=0, editable=False)
    failed = models.PositiveIntegerField(default=0, editable=False)
    skipped = models.PositiveIntegerField(default=0, editable=False)
    cost = models.DecimalField(
        max_digits=16, decimal_places=8, default=0, editable=False, help_text="US dollars, as far as prices are known."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(count__range=(1, MOST_POSTS)), name="run_count_1_to_50"),
            models.CheckConstraint(
                condition=Q(min_rating__range=(0, 10)) | Q(min_rating=None), name="run_rating_0_to_10"
            ),
            models.CheckConstraint(
                condition=Q(year_from__lte=F("year_to")) | Q(year_from=None) | Q(year_to=None),
                name="run_years_in_order",
            ),
            models.CheckConstraint(
                condition=Q(mode=Mode.CONTINUOUS) | Q(daily_cap=None), name="run_cap_only_if_continuous"
            ),
        ]
        indexes = [models.Index(fields=["owner", "-id"], name="run_owner")]

    def __str__(self) -> str:
        media = {"movie": "movie", "tv": "TV show"}.get(self.media_type, self.media_type)
        again = " (continuous)" if self.is_continuous else ""
        return f"{self.count} {media}{'' if self.count == 1 else 's'}, {self.listing_label.lower()}{again}"

    @property
    def listing_label(self) -> str:
        return LISTING_LABELS.get(self.listing, self.listing)

    @property
    def is_continuous(self) -> bool:
        return self.mode == Mode.CONTINUOUS

    @property
    def is_open(self) -> bool:
        return self.job is not None and self.job.state in OPEN

    @property
    def most_a_day(self) -> int:
        """Of a continuous run."""
        return self.daily_cap or self.count

    @property
    def query(self) -> Query:
        """What the catalogue is asked for."""
        return Query(
            listing=self.listing,
            media_type=self.media_type,
            min_rating=self.min_rating,
            year_from=self.year_from,
            year_to=self.year_to,
            include_adult=self.include_adult,
            genres=tuple(self.genres),
        )
