from django.db import models


class MarketBudget(models.Model):
    """How many requests left for one market-data service with one key on one day (UTC).

    Written by content.recommendations.market.budgets only, before a request leaves. `fingerprint` tells keys apart
    without knowing them.
    """

    source = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=32)
    day = models.DateField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "market data budget"
        ordering = ["-day", "source"]
        constraints = [
            models.UniqueConstraint(fields=["source", "fingerprint", "day"], name="one_market_budget_per_key_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.source} on {self.day}"
