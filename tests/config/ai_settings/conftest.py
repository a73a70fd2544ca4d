import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

CANARY = "sk-canary-7f3a91c0d2"


@pytest.fixture
def ada(db):
    return get_user_model().objects.create_user("ada", is_staff=True)


@pytest.fixture
def api(ada) -> APIClient:
    client = APIClient()
    client.force_authenticate(ada)
    return client


@pytest.fixture
def desk(client, ada):
    """A browser in which Ada is logged in."""
    client.force_login(ada)
    return client
