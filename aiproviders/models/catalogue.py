import datetime

from django.db import models

SOON = datetime.timedelta(days=30)
# One list that lacks a model may be a slip of the provider; it has to be missing for so long.
BELIEVED = datetime.timedelta(days=3)


class LanguageModel(models.Model):
    """One model of one provider: seeded from aiproviders/seed.py, kept true by the providers' own lists.

    A row never disappears: what writes no more is marked, so that old settings can be explained.
    """

    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    context_tokens = models.PositiveIntegerField(null=True, blank=True)
    input_price = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True, help_text="US dollars per million tokens."
    )
    output_price = models.DecimalField(
        max_digits=12, decimal_places=6, null=True, blank=True, help_text="US dollars per million tokens."
    )
    retires_on = models.DateField(null=True, blank=True)
    replaced_by = models.CharField(max_length=240, blank=True, help_text="provider/model")
    offered = models.BooleanField(default=True, help_text="May be chosen on the settings page.")
    retired = models.BooleanField(default=False, help_text="Answers no more, and nobody said since when.")
    seen_at = models.DateTimeField(null=True, editable=False, help_text="When the provider's own list named it last.")
    missing_since = models.DateTimeField(
        null=True, editable=False, help_text="Since when the provider's own list does not name it."
    )

    class Meta:
        verbose_name = "language model"
        ordering = ["provider", "input_price", "model"]
        constraints = [models.UniqueConstraint(fields=["provider", "model"], name="one_row_per_language_model")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.provider}/{self.model}"

    def status(self, now: datetime.datetime) -> str:
        """ "current", "retiring" (within 30 days, or the provider's list lacks it) or "retired"."""
        ends = self.retires_on
        missing = self.missing_since
        if self.retired or (ends and ends <= now.date()) or (missing and missing <= now - BELIEVED):
            return "retired"
        return "retiring" if missing or (ends and ends <= now.date() + SOON) else "current"
