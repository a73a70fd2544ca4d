import pytest
from django.contrib.auth import get_user_model
from rest_framework.test import APIClient

from tests.aiproviders.conftest import fake, fake_servers
from tests.aiproviders.test_canary import redis_traffic

__all__ = ["fake", "fake_servers", "redis_traffic"]
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
