import pytest
from django.test import Client

from config.models import ApiToken


@pytest.fixture
def user(django_user_model):
    return django_user_model.objects.create_user("client")


@pytest.fixture
def api(user) -> Client:
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})
