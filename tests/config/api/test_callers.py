import uuid

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser

from config.api.callers import caller_of
from config.models import ApiToken

pytestmark = pytest.mark.django_db


def caller(rf, *, user=None, cookie: str = "", authorization: str = "") -> str | None:
    request = rf.post("/", headers={"Authorization": authorization} if authorization else {})
    request.user = user or AnonymousUser()
    if cookie:
        request.COOKIES[f"order_api_{uuid.uuid4()}"] = cookie
    return caller_of(request)


def test_each_kind_of_caller_has_a_name_of_its_own_without_a_secret(rf):
    ada = get_user_model().objects.create(username="ada")
    tokens = [ApiToken.objects.issue(user=ada) for _ in range(2)]
    names = [
        *(caller(rf, authorization=f"Bearer {token}") for token in tokens),
        caller(rf, user=ada),
        caller(rf, cookie="ol_one"),
        caller(rf, cookie="ol_two"),
        caller(rf, authorization="Bearer ol_one"),
        caller(rf),
    ]
    assert None not in names and len(set(names)) == len(names)
    assert not [name for name in names for secret in (*tokens, "ol_one", "ol_two") if secret in name]


def test_a_token_goes_before_the_session_that_came_along(rf):
    ada = get_user_model().objects.create(username="ada")
    authorization = f"Bearer {ApiToken.objects.issue(user=ada)}"
    assert caller(rf, user=ada, authorization=authorization) == caller(rf, authorization=authorization)


@pytest.mark.parametrize("authorization", ["Bearer cd_unknown", "bearer cd_"])
def test_a_token_that_is_refused_is_nobody(rf, authorization):
    assert caller(rf, authorization=authorization) is None


def test_other_credentials_are_left_to_the_endpoint(rf):
    assert caller(rf, authorization="Basic \xe9").startswith("bearer:")
