"""`Authorization: Bearer cd_...` for API clients."""

import datetime

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed

from queues import clock

PREFIX = b"cd_"
LAST_USED_PRECISION = datetime.timedelta(minutes=1)


class BearerToken(BaseAuthentication):
    """Knows only our own tokens; any other bearer value is left to the endpoint (order links use them too)."""

    def authenticate(self, request):
        from config.models import ApiToken  # models are not loaded yet when settings name this class

        scheme, _, value = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"bearer" or not value.startswith(PREFIX):
            return None
        user = ApiToken.objects.holder(value.decode("latin-1"))
        if user is None:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        now, used_at = timezone.now(), clock.read(user.token_used_at)
        if used_at is None or now - used_at > LAST_USED_PRECISION:
            ApiToken.objects.filter(pk=user.token_id).update(last_used_at=now)
        return user, user.token_id

    def authenticate_header(self, request) -> str:
        return "Bearer"
