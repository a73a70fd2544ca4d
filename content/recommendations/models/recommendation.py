"""One request for recommendations and, once its job is done, the answer."""

import datetime
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q

from content.recommendations.market.instruments import SECTORS
from queues import clock
from queues.models import Job

TOLERANCE = (1, 10)
CAPITAL = (0.01, 1e12)  # US dollars; with more a double loses the cents
MOST_SECTORS = 20


class Horizon(models.TextChoices):
    SHORT = "short"
    MEDIUM = "medium"
    LONG = "long"


def check_sectors(names: object) -> None:
    """Raises ValidationError unless it is a list of different sectors that we know."""
    if not isinstance(names, list) or not names:
        raise ValidationError("Choose at least one sector.", code="required")
    if len(names) > MOST_SECTORS:
        raise ValidationError(f"At most {MOST_SECTORS} sectors, not {len(names)}.", code="max_length")
    if unknown := [name for name in names if name not in SECTORS]:
        raise ValidationError(f"{str(unknown[0])[:40]!r} is no sector; known: {', '.join(SECTORS)}.", code="unknown")
    if len(set(names)) < len(names):
        raise ValidationError("Name each sector once.", code="duplicate")


class RecommendationQuerySet(models.QuerySet):
    def readable_by(self, user) -> "RecommendationQuerySet":
        """What has not expired and is nobody's or this user's; staff read all."""
        fresh = self.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()))
        return fresh if user.is_staff else fresh.filter(Q(owner=None) | Q(owner=user.pk))

    def expired(self) -> "RecommendationQuerySet":
        """What is to be deleted: its time is over, or its job is gone without an end; never while a job is open."""
        now = clock.now()
        forgotten = Q(expires_at=None, created_at__lt=now - datetime.timedelta(seconds=settings.RESULTS_TTL))
        jobs = Job.objects.open().filter(pk=OuterRef("current_job"))
        return self.filter(Q(expires_at__lte=now) | forgotten).exclude(Exists(jobs))


class Recommendation(models.Model):
    """A request. `id` is the key to it for strangers: random, and not the job's.

    `result` is what answer.py makes of the job's work; with `market_source`, `as_of` and `written_by` it is the answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE)
    risk_tolerance = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(TOLERANCE[0]), MaxValueValidator(TOLERANCE[1])]
    )
    capital = models.FloatField(validators=[MinValueValidator(CAPITAL[0]), MaxValueValidator(CAPITAL[1])])
    time_horizon = models.CharField(max_length=6, choices=Horizon.choices)
    sectors = models.JSONField(validators=[check_sectors])
    current_job = models.UUIDField(null=True, blank=True, help_text="The job that computes it.")
    result = models.JSONField(null=True, blank=True)
    market_source = models.CharField(max_length=20, blank=True)
    as_of = models.DateField(null=True, blank=True, help_text="All prices are at least as new as this day.")
    written_by = models.CharField(max_length=250, blank=True, help_text="provider/model; empty: from a template.")
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="Set when its job ends.")

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"], name="recommendation_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(risk_tolerance__range=TOLERANCE), name="risk_tolerance_1_to_10"),
            models.CheckConstraint(condition=Q(capital__range=CAPITAL), name="capital_in_range"),
            models.CheckConstraint(condition=Q(time_horizon__in=Horizon.values), name="time_horizon_known"),
        ]

    def __str__(self) -> str:
        return f"risk {self.risk_tolerance}, {self.time_horizon}: {', '.join(self.sectors)}"
