"""What Stripe told us, exactly as it came."""

from django.db import models
from django.utils import timezone

from orders.models.order import Order


class EventStatus(models.TextChoices):
    RECEIVED = "received", "Received"  # stored, not handled yet
    PROCESSED = "processed", "Processed"
    IGNORED = "ignored", "Ignored"  # of a type that we do not use
    UNMATCHED = "unmatched", "No such order"  # somebody should look
    FAILED = "failed", "Failed"  # our error; Stripe sends it again
    SETTLED = "settled", "Seen to"  # staff have looked, and nothing is left to do


class StripeEvent(models.Model):
    """One signed event. The id is Stripe's, so a second delivery finds the first."""

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(max_length=100)
    payload = models.JSONField()
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="stripe_events")
    status = models.CharField(max_length=10, choices=EventStatus.choices, default=EventStatus.RECEIVED)
    outcome = models.CharField(max_length=20, blank=True, help_text="What it led to: paid, already, mismatch ...")
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"
