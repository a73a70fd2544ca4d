"""Money in and money that has to go back. An order's status says nothing about either."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order
from orders.money import format_money


class PaymentStatus(models.TextChoices):
    CREATED = "created", "Waiting"  # the checkout is open
    CONFIRMED = "confirmed", "Paid"  # the one that pays for the order; never leaves this state
    FAILED = "failed", "Declined"  # the customer may try again
    EXPIRED = "expired", "Expired"
    SURPLUS = "surplus", "Not needed"  # money arrived for an order that was paid already or is over


class Payment(models.Model):
    """One checkout, or one payment that arrived outside of it. Amounts in the smallest unit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.CREATED)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    session_id = models.CharField(max_length=255, blank=True, help_text="The provider's checkout session.")
    intent_id = models.CharField(max_length=255, blank=True, help_text="The provider's payment intent.")
    failure = models.CharField(max_length=200, blank=True, help_text="Why it was declined, in the provider's words.")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status=PaymentStatus.CONFIRMED), name="one_confirmed_payment_per_order"
            ),
            models.UniqueConstraint(fields=["intent_id"], condition=~Q(intent_id=""), name="one_payment_per_intent"),
            models.UniqueConstraint(fields=["session_id"], condition=~Q(session_id=""), name="one_payment_per_session"),
            models.CheckConstraint(condition=Q(status__in=PaymentStatus.values), name="payment_status_known"),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.status}"


class RefundStatus(models.TextChoices):
    REQUESTED = "requested", "Requested"  # has to be paid out
    CANCELED = "canceled", "Not needed"  # before anything was sent


class RefundReason(models.TextChoices):
    ORDER_FAILED = "order_failed", "The article could not be written"
    DUPLICATE = "duplicate", "Paid twice"
    LATE = "late", "Paid after the order was over"
    CANCELLED = "cancelled", "The order was cancelled"
    STAFF = "staff", "Decided by staff"


class Refund(models.Model):
    """Money that has to go back to the customer. Amount in the payment's currency and smallest unit."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    status = models.CharField(max_length=10, choices=RefundStatus.choices, default=RefundStatus.REQUESTED)
    reason = models.CharField(max_length=20, choices=RefundReason.choices)
    amount = models.PositiveIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reason} {self.status}"

    @property
    def amount_text(self) -> str:
        """The amount for people, such as "$49.00"."""
        return format_money(self.amount, self.payment.currency)
