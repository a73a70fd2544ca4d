from django.conf import settings
from django.db import models


class AICall(models.Model):
    """One attempt to get a text from a provider, failed ones included. Written once, never changed.

    Holds no prompt, no answer and no key. Empty tokens: the provider did not say. Empty cost: no known price.
    """

    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    provider = models.CharField(max_length=40)
    model_asked = models.CharField(max_length=200)
    model_answered = models.CharField(max_length=200, blank=True)
    key_scope = models.CharField(max_length=10, blank=True, help_text="Whose key: user, house, explicit or none.")
    link = models.PositiveSmallIntegerField(default=1, help_text="1 for the preferred model, 2 for its first fallback.")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    # No foreign key: jobs are pruned after a day or a week, what they cost is kept.
    job_id = models.UUIDField(null=True, db_index=True)
    purpose = models.CharField(max_length=60, blank=True)
    outcome = models.CharField(max_length=20, help_text="ok, or the kind of error")
    http_status = models.PositiveSmallIntegerField(null=True)
    input_tokens = models.PositiveIntegerField(null=True)
    cached_tokens = models.PositiveIntegerField(null=True)
    output_tokens = models.PositiveIntegerField(null=True)
    milliseconds = models.PositiveIntegerField()
    cost = models.DecimalField(max_digits=16, decimal_places=8, null=True, help_text="US dollars")
    prices_version = models.CharField(max_length=20)

    class Meta:
        verbose_name = "AI call"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.provider}/{self.model_asked} {self.outcome}"
