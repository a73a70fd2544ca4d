"""An order: what was asked for, what it cost then, and where it stands."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from orders.models.catalogue import Product, ProductKind
from orders.money import format_money
from orders.states import CancelReason, OrderStatus

# Nothing that looks or sounds like another (0/O, 1/I, 2/Z ...): people read codes out on the phone.
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ379"
CODE_LENGTH = 5


class Priority(models.TextChoices):
    NORMAL = "normal", "Normal"
    VIP = "vip", "VIP"
    RUSH = "rush", "Rush"


def new_code() -> str:
    """A random code for people; whether it is free is for the unique constraint to say."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


class Order(models.Model):
    """`status` is changed by orders.transitions.transition() alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=10, choices=ProductKind.choices)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="orders",
        help_text="The API client that ordered; empty for the customer form.",
    )
    email = models.EmailField(blank=True, help_text="Empty: the customer's data was erased.")
    topic = models.CharField(max_length=200)
    niche = models.CharField(max_length=100, blank=True)
    keyword = models.CharField(max_length=100, blank=True)
    target_url = models.CharField(max_length=500)
    anchor_text = models.CharField(max_length=80)
    notes = models.TextField(blank=True)
    amount = models.PositiveIntegerField(help_text="Copied from the product: smallest units of the currency.")
    currency = models.CharField(max_length=3)
    words = models.PositiveIntegerField()
    included_revisions = models.PositiveSmallIntegerField(help_text="Copied from the product, as are the words.")
    terms_accepted_at = models.DateTimeField()
    writer_model = models.CharField(
        max_length=240, blank=True, help_text='"provider/model" that staff chose for the next try; empty: the usual.'
    )
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    status = models.CharField(max_length=20, choices=OrderStatus.choices, default=OrderStatus.PENDING_PAYMENT)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason.choices, blank=True)
    # The only job whose result counts; no foreign key, because jobs are pruned and orders stay.
    current_job = models.UUIDField(null=True, blank=True, editable=False)
    article = models.ForeignKey(
        "articles.Article",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
        help_text="Made by the first version; for a backlink it is the one that was chosen.",
    )
    domain = models.ForeignKey(
        "articles.Domain",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="orders",
        help_text="The site that publishes it; empty: this one.",
    )
    current_version = models.ForeignKey(
        "articles.ArticleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # An article may have versions of several orders; these are the ones that were made for this one.
    versions = models.ManyToManyField("articles.ArticleVersion", blank=True, related_name="+", editable=False)
    publish_at = models.DateTimeField(null=True, blank=True, help_text="When an approved version goes live.")
    due_at = models.DateTimeField(
        null=True, blank=True, help_text="Set when it is paid: the first version is promised by then."
    )
    batch = models.UUIDField(
        null=True, blank=True, editable=False, help_text="The same for all that were ordered at once."
    )
    form_key = models.CharField(
        max_length=64, blank=True, editable=False, help_text="The form that made it: sent twice, it makes one order."
    )
    link_version = models.PositiveIntegerField(default=1, help_text="Raise by one to revoke the customer's link.")
    needs_attention = models.BooleanField(default=False)
    attention_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    paid_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-created_at"]
        permissions = [
            ("review_order", "Can decide about orders"),
            ("refund_order", "Can send money back"),
            ("erase_order", "Can erase personal data"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(status__in=OrderStatus.values), name="order_status_known"),
            models.UniqueConstraint(
                fields=["form_key"], condition=~models.Q(form_key=""), name="one_order_per_form_key"
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="order_newest"),
            models.Index(Upper("email"), name="order_by_email"),  # as iexact asks
            models.Index(fields=["status", "created_at"], name="order_by_status"),
            models.Index(fields=["publish_at"], condition=models.Q(status="SCHEDULED"), name="order_to_publish"),
            models.Index(fields=["batch"], condition=models.Q(batch__isnull=False), name="order_by_batch"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_erased(self) -> bool:
        """Whether the customer's data is gone: nothing can be written for it, or to them, any more."""
        return not self.email

    @property
    def amount_text(self) -> str:
        """The price for people, such as "$49.00"."""
        return format_money(self.amount, self.currency)
