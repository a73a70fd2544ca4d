"""What can be bought."""

from django.core.validators import MinValueValidator
from django.db import models

from orders.money import check_currency, format_money


class ProductKind(models.TextChoices):
    ARTICLE = "article", "Article"
    BACKLINK = "backlink", "Backlink"


class Product(models.Model):
    """One offer. Orders copy price, currency and words, so a change here touches no order that exists."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=10, choices=ProductKind.choices, default=ProductKind.ARTICLE)
    price = models.PositiveIntegerField(
        validators=[MinValueValidator(1)], help_text="In the currency's smallest unit: 4900 is 49.00 US dollars."
    )
    currency = models.CharField(
        max_length=3, default="usd", validators=[check_currency], help_text="ISO 4217 in small letters."
    )
    words = models.PositiveIntegerField(default=800, help_text="Length of the article.")
    included_revisions = models.PositiveSmallIntegerField(default=5)
    delivery_hours = models.PositiveIntegerField(default=24)
    active = models.BooleanField(default=True, help_text="Offered to customers.")

    class Meta:
        ordering = ["price", "slug"]
        constraints = [models.CheckConstraint(condition=models.Q(price__gt=0), name="product_price_positive")]

    def __str__(self) -> str:
        return self.name

    @property
    def price_text(self) -> str:
        """The price for people, such as "$49.00"."""
        return format_money(self.price, self.currency)
