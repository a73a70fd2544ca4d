"""Credentials of API clients."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class ApiTokenQuerySet(models.QuerySet):
    def valid(self, token: str) -> "ApiTokenQuerySet":
        """The row of this token, unless it is revoked or expired."""
        alive = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
        return self.filter(alive, digest=ApiToken.digest_of(token), revoked_at=None, user__is_active=True)

    def issue(self, *, user, label: str = "") -> str:
        """Create a token for `user`; returns it in clear, the only time it can be seen."""
        token = "cd_" + secrets.token_urlsafe(32)
        self.create(user=user, label=label, prefix=token[:8], digest=ApiToken.digest_of(token))
        return token


class ApiToken(models.Model):
    """A bearer token, stored as a hash: 256 random bits need no slow hash (nothing to guess)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    label = models.CharField(max_length=100, blank=True)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.user}"

    @staticmethod
    def digest_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
