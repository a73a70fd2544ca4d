"""The thing that is written: one row per job, the same table for every side."""

from django.db import models
from django.db.models.functions import Now


class Draft(models.Model):
    """`brief` is the prompt; `text` and `finished_at` are the effect of the job."""

    brief = models.TextField()
    text = models.TextField(blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "app"
        db_table = "bench_draft"

    def __str__(self) -> str:
        return f"draft {self.pk}"
