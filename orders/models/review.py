"""Staff's look at a version that the customer is content with."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order


class Decision(models.TextChoices):
    PENDING = "pending", "Waiting"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Back to the customer"
    REWORK = "rework", "Back to the writer"
    FAILED = "failed", "Given up"
    RECALLED = "recalled", "Taken back by the customer"
    CLOSED = "closed", "The order ended meanwhile"  # cancelled, refunded


class Review(models.Model):
    """One submission of one version. The row stays when it is decided; at most one waits per order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey("articles.ArticleVersion", on_delete=models.PROTECT, related_name="+")
    submitted_by = models.CharField(max_length=10, help_text="The kind of actor: customer, api, staff or system.")
    submitted_at = models.DateTimeField(default=timezone.now)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="claimed_reviews"
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PENDING)
    note = models.TextField(blank=True, help_text="What staff said; the customer reads it.")
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="decided_reviews"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["submitted_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(decision=Decision.PENDING), name="one_pending_review_per_order"
            ),
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="review_decision_known"),
        ]
        indexes = [
            models.Index(fields=["submitted_at"], condition=Q(decision=Decision.PENDING), name="review_oldest_pending")
        ]

    def __str__(self) -> str:
        return f"Review of {self.version}"

    def is_taken_from(self, staff) -> bool:
        """Whether somebody else has claimed it, so that `staff` may only take it over."""
        return self.claimed_at is not None and self.claimed_by_id != staff.pk
