"""Credentials of API clients, and what they were answered."""

import hashlib
import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, models
from django.utils import timezone

from queues import statements

# Plain SQL: every request of an API client begins with it, and the ORM needs longer to build it than to run it.
HOLDER = """JOIN config_apitoken token ON token.user_id = auth_user.id
WHERE token.digest = %s AND token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > %s)
AND auth_user.is_active"""
TOKEN = {"token_id": "token.id", "token_used_at": "token.last_used_at"}


class ApiTokenQuerySet(models.QuerySet):
    def holder(self, token: str):
        """The active user of this token unless it is revoked or expired, with its `token_id` and `token_used_at`."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        users = statements.select(get_user_model(), HOLDER, [ApiToken.digest_of(token), now], **TOKEN)
        return users[0] if users else None

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


class KeyedAnswer(models.Model):
    """A POST with an Idempotency-Key: first the claim of who works on it, then the answer to repeat.

    Of the request there are only hashes. The answer is sealed: it may carry a customer's link.
    """

    id = models.CharField(primary_key=True, max_length=64)  # hash of caller, endpoint and key
    request = models.CharField(max_length=64)  # keyed hash of query and body
    claim = models.CharField(max_length=32)
    until = models.DateTimeField(db_index=True)  # the claim, later the answer, holds until then
    status = models.PositiveSmallIntegerField(null=True)  # None: still running
    answer = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.id[:8]}… until {self.until:%Y-%m-%d %H:%M}"
