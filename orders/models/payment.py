"""Money in and money that goes back. An order's status says nothing about either."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from orders.models.order import Order


class PaymentStatus(models.TextChoices):
    CREATED = "created", "Waiting"  # the checkout is open
    CONFIRMED = "confirmed", "Paid"  # the one that pays for the order; never leaves this state
    FAILED = "failed", "Declined"  # the customer may try again
    EXPIRED = "expired", "Expired"
    SURPLUS = "surplus", "Not needed"  # money arrived for an order that was paid already or is over
    HELD = "held", "Wrong amount"  # money arrived that is not the price; staff take it or send it back


PAYABLE = (PaymentStatus.CREATED, PaymentStatus.FAILED)
ARRIVED = (PaymentStatus.CONFIRMED, PaymentStatus.SURPLUS, PaymentStatus.HELD)


class Payment(models.Model):
    """One order's share of a checkout, or a payment that arrived outside of any. Amounts in the smallest unit.

    Orders of one batch are paid in one checkout: each has a payment of its own, with the same session and intent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.CREATED)
    amount = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    session_id = models.CharField(max_length=255, blank=True, help_text="The provider's checkout session.")
    checkout_url = models.TextField(blank=True, help_text="Where to pay, if the provider says so.")
    intent_id = models.CharField(max_length=255, blank=True, help_text="The provider's payment intent.")
    part = models.PositiveSmallIntegerField(default=0, help_text="Its place in a checkout of several orders.")
    failure = models.CharField(max_length=200, blank=True, help_text="Why it was declined, in the provider's words.")
    created_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(status=PaymentStatus.CONFIRMED), name="one_confirmed_payment_per_order"
            ),
            models.UniqueConstraint(
                fields=["intent_id", "part"], condition=~Q(intent_id=""), name="one_payment_per_part_of_an_intent"
            ),
            models.UniqueConstraint(
                fields=["session_id", "part"], condition=~Q(session_id=""), name="one_payment_per_part_of_a_session"
            ),
            models.CheckConstraint(condition=Q(status__in=PaymentStatus.values), name="payment_status_known"),
        ]
        indexes = [models.Index(fields=["status", "created_at"], name="payment_by_status")]

    def __str__(self) -> str:
        return f"{self.provider} {self.status}"
