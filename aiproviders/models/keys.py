from django.conf import settings
from django.db import models
from django.db.models import Q

from aiproviders.models.sealed import Sealed


class AIKey(Sealed):
    """One provider's key of one owner; without a user it is the house's. Written by aiproviders.keys only.

    `token` is sealed (aiproviders/vault.py) and says inside whose it is. Nothing here can be shown but the last four.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="ai_keys")
    provider = models.CharField(max_length=40)
    last_four = models.CharField(max_length=4, editable=False)
    fingerprint = models.CharField(max_length=64, editable=False, db_index=True)
    added_at = models.DateTimeField(editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    last_checked_at = models.DateTimeField(null=True, editable=False)
    last_ok_at = models.DateTimeField(null=True, editable=False)
    last_error_kind = models.CharField(max_length=20, blank=True, editable=False)

    class Meta:
        verbose_name = "AI key"
        ordering = ["provider", "user_id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "provider"], name="one_ai_key_per_user_and_provider"),
            # NULLs are distinct from each other, so the house's rows need a constraint of their own.
            models.UniqueConstraint(fields=["provider"], condition=Q(user=None), name="one_house_ai_key_per_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.provider}, {self.owner}, ends in {self.last_four}"

    @property
    def owner(self) -> str:
        """Whose it is: "user:7" or "house"."""
        return "house" if self.user_id is None else f"user:{self.user_id}"

    @property
    def sealed_for(self) -> str:
        return f"{self.owner}/{self.provider}"
