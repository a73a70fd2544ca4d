from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models


class AISettings(models.Model):
    """What one user chose. Models are named "provider/model"; no row means the house's choice in everything."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="ai_settings"
    )
    preferred_model = models.CharField(max_length=240, blank=True)
    fallbacks = models.JSONField(default=list, blank=True, help_text="Models to try next, in this order.")
    daily_limit = models.DecimalField(
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text="US dollars a day (UTC); empty: no limit of the user's own.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "AI settings"

    def __str__(self) -> str:
        return f"AI settings of {self.user}"
