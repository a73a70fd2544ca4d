"""Who sends an idempotency key: the same one from somebody else is another."""

import hashlib

from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from config.api.addresses import address_of
from config.api.authentication import BearerToken
from orders import links


def caller_of(request: HttpRequest) -> str | None:
    """A name for who sent this, in which nothing is secret; None for a token that is refused anyway."""
    try:
        known = BearerToken().authenticate(request)
    except AuthenticationFailed:
        return None
    if known:
        return f"token:{known[1]}"
    if request.META.get("HTTP_AUTHORIZATION"):
        return f"bearer:{_digest(request.META['HTTP_AUTHORIZATION'])}"
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    if tokens := links.all_remembered(request):
        return f"link:{_digest(' '.join(tokens))}"
    return f"address:{address_of(request)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
