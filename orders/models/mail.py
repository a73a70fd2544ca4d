"""The outbox: a mail is a row first, written with the change that it tells of."""

from django.db import models
from django.utils import timezone

from orders.models.order import Order


class MailStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"  # refused for good, or called off; `error` says why


class Mail(models.Model):
    """One message to a customer or to staff, rendered when the row is written so that it says what was true then."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="mails")
    kind = models.CharField(max_length=30)
    dedupe_key = models.CharField(max_length=200, unique=True)
    to = models.EmailField(blank=True, help_text="Empty: erased.")
    subject = models.CharField(max_length=200)
    text = models.TextField(blank=True, help_text="Deleted after 30 days.")
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, help_text="The same at every try, so that mailboxes see one mail.")
    status = models.CharField(max_length=10, choices=MailStatus.choices, default=MailStatus.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(status=MailStatus.QUEUED), name="mail_queued"),
            models.Index(fields=["created_at"], condition=~models.Q(text=""), name="mail_with_body"),
            models.Index(fields=["kind", "created_at"], name="mail_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to order {self.order_id}"
