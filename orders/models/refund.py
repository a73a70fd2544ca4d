"""Money that goes back to the customer, from the wish to the provider's word."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.payment import Payment
from orders.money import format_money


class RefundStatus(models.TextChoices):
    REQUESTED = "requested", "Requested"  # written down; nothing has been sent
    SUBMITTED = "submitted", "Submitted"  # the provider is being asked; it may have said yes
    NEEDS_MANUAL = "needs_manual", "Needs staff"  # the provider refused, or there is none to ask
    PENDING = "pending", "On its way"  # the provider has said yes
    SUCCEEDED = "succeeded", "Sent back"
    FAILED = "failed", "Failed"  # the bank did not take it, perhaps days after it succeeded
    CANCELED = "canceled", "Called off"


# News of a lower rank comes late and changes nothing: events arrive in any order.
RANK = {
    RefundStatus.REQUESTED: 0,
    RefundStatus.SUBMITTED: 1,
    RefundStatus.NEEDS_MANUAL: 1,
    RefundStatus.PENDING: 2,
    RefundStatus.SUCCEEDED: 3,
    RefundStatus.FAILED: 4,
    RefundStatus.CANCELED: 4,
}
OVER = (RefundStatus.FAILED, RefundStatus.CANCELED)  # no money went back


class RefundReason(models.TextChoices):
    ORDER_FAILED = "order_failed", "The article could not be written"
    CANCELLED = "cancelled", "The order was cancelled"
    WITHDRAWAL = "withdrawal", "The customer withdrew"
    STAFF = "staff", "Decided by staff"
    DUPLICATE = "duplicate", "Paid twice"
    LATE = "late", "Paid after the order was over"
    EXTERNAL = "external", "Made at the payment provider"
    DISPUTE = "dispute", "Taken back by the customer's bank"


class Refund(models.Model):
    """Money that goes back. Amount in the payment's currency and smallest unit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=12, choices=RefundStatus.choices, default=RefundStatus.REQUESTED)
    reason = models.CharField(max_length=20, choices=RefundReason.choices)
    amount = models.PositiveIntegerField()
    provider_id = models.CharField(max_length=255, blank=True, help_text="The provider's refund or dispute.")
    failure = models.CharField(max_length=200, blank=True, help_text="Why no money went back.")
    not_before = models.DateTimeField(default=timezone.now, help_text="When it is paid out at the earliest.")
    created_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When the money was sent, or was not.")

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            # One that somebody made at the provider may be of a payment that several orders share.
            models.UniqueConstraint(
                fields=["payment", "provider_id"], condition=~Q(provider_id=""), name="one_refund_per_id_and_payment"
            ),
            models.CheckConstraint(condition=Q(status__in=RefundStatus.values), name="refund_status_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="refund_by_status")]

    def __str__(self) -> str:
        return f"{self.reason} {self.status}"

    @property
    def amount_text(self) -> str:
        """The amount for people, such as "$49.00"."""
        return format_money(self.amount, self.payment.currency)
