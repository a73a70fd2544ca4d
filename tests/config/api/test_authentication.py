import datetime

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from rest_framework.test import APIRequestFactory

from config.api.authentication import BearerToken
from config.models import ApiToken

pytestmark = pytest.mark.django_db


@pytest.fixture
def token():
    return ApiToken.objects.issue(user=get_user_model().objects.create(username="ada"))


def authenticate(value: str):
    return BearerToken().authenticate(APIRequestFactory().get("/", headers={"Authorization": value}))


def test_a_valid_token_is_its_user_and_its_use_is_noted(token):
    user, row = authenticate(f"Bearer {token}")
    assert user.username == "ada"
    assert ApiToken.objects.get().last_used_at


@pytest.mark.parametrize("change", ["revoked", "expired", "inactive", "unknown"])
def test_a_dead_token_is_refused(token, change):
    from rest_framework.exceptions import AuthenticationFailed

    now = timezone.now()
    if change == "revoked":
        ApiToken.objects.update(revoked_at=now)
    if change == "expired":
        ApiToken.objects.update(expires_at=now - datetime.timedelta(seconds=1))
    if change == "inactive":
        get_user_model().objects.update(is_active=False)
    with pytest.raises(AuthenticationFailed):
        authenticate(f"Bearer {token}x" if change == "unknown" else f"Bearer {token}")


@pytest.mark.parametrize("value", ["", "Basic abc", "Bearer", "Bearer order-token", "Bearer é"])
def test_other_credentials_are_left_to_the_endpoint(value):
    assert authenticate(value) is None
