"""An API client, and a provider on loopback for what orders' jobs ask."""

import pytest
from django.test import Client

from config.models import ApiToken
from tests.content.articles.conftest import fake, fake_server

__all__ = ["fake", "fake_server"]


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("client")


@pytest.fixture
def api(user) -> Client:
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})
