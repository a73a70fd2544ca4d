from django.core.validators import URLValidator
from django.db import models


class Feed(models.Model):
    """An RSS or Atom address that staff take articles from, and how the last import went."""

    url = models.CharField("URL", max_length=1000, unique=True, validators=[URLValidator(["http", "https"])])
    category = models.CharField(max_length=100, blank=True, help_text="For items that have none.")
    imported_at = models.DateTimeField(null=True, editable=False)
    added = models.PositiveIntegerField(default=0, editable=False, help_text="New articles of the last import.")
    known = models.PositiveIntegerField(default=0, editable=False, help_text="Items that were there already.")
    problem = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url
