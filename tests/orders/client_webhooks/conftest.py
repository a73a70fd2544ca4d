import pytest
from django.contrib.auth import get_user_model

from orders.client_webhooks import endpoints
from tests.orders.receiver import Receiver


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    receiver = Receiver()
    yield receiver
    receiver.stop()


@pytest.fixture
def client_user(db):
    return get_user_model().objects.create_user("ada")


@pytest.fixture
def registered(receiver, client_user):
    """An endpoint of the client at the receiver, and its secret as text."""
    endpoint, secret = endpoints.register(owner=client_user, url=receiver.url)
    return endpoint, secret.reveal()
