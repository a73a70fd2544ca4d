"""What somebody wants to be different in a version."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order


class AskedBy(models.TextChoices):
    CUSTOMER = "customer", "Customer"
    STAFF = "staff", "Staff"


class RevisionRequest(models.Model):
    """`notes` are data, whatever they say. The job that works on it has the row's id in its args."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="revisions")
    base = models.ForeignKey(
        "articles.ArticleVersion", on_delete=models.PROTECT, related_name="+", help_text="The version it is about."
    )
    notes = models.TextField()
    asked_by = models.CharField(max_length=10, choices=AskedBy.choices)
    counts_as_used = models.BooleanField(
        default=True, help_text="Towards the customer's fair use: not staff's wishes, and not those that failed."
    )
    # No foreign key, because jobs are pruned and orders stay.
    job_id = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(asked_by__in=AskedBy.values), name="revision_asked_by_known"),
        ]

    def __str__(self) -> str:
        return f"Revision of {self.base}"
