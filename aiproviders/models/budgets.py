from django.db import models

PER_DOLLAR = 100_000_000  # as fine as AICall.cost; whole numbers, because SQLite would add decimals as floats


class Budget(models.Model):
    """What one owner ("user:7" or "house") may still spend on one day (UTC). Written by aiproviders.budgets only.

    The amounts are hundred-millionths of a US dollar. `reserved` is for calls that have begun; whatever of it is
    never settled counts as spent for the rest of the day.
    """

    owner = models.CharField(max_length=40)
    day = models.DateField()
    limit = models.BigIntegerField()
    spent = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "daily budget"
        ordering = ["-day", "owner"]
        constraints = [models.UniqueConstraint(fields=["owner", "day"], name="one_budget_per_owner_and_day")]

    def __str__(self) -> str:
        return f"{self.owner} on {self.day}"
