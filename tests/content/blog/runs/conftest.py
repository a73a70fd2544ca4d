import pytest
from django.test import Client

from config.models import ApiToken
from tests.aiproviders.conftest import fake, fake_servers, openai

__all__ = ["fake", "fake_servers", "openai"]


@pytest.fixture
def ada(db, django_user_model):
    return django_user_model.objects.create_user("ada", is_staff=True)


@pytest.fixture
def bob(db, django_user_model):
    return django_user_model.objects.create_user("bob", is_staff=True)


@pytest.fixture
def api(ada) -> Client:
    """A client with a token of Ada's, who is staff."""
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=ada)}"})
