"""The whole way: an order is paid, a real worker tells the client."""

import pytest
from django.contrib.auth import get_user_model
from standardwebhooks.webhooks import Webhook

from orders.client_webhooks import endpoints
from orders.models import WebhookDelivery
from tests.orders.builders import make_paid_order
from tests.processes import wait_until


@pytest.mark.django_db(transaction=True)
def test_a_worker_tells_the_client_and_no_log_has_the_secret(receiver, start_worker):
    user = get_user_model().objects.create_user("ada")
    _, secret = endpoints.register(owner=user, url=receiver.url)
    worker = start_worker(WEBHOOK_NETWORKS="127.0.0.0/8")
    make_paid_order(owner=user)
    wait_until(lambda: WebhookDelivery.objects.filter(status="delivered", type="order.paid").exists(), 60)
    headers, body = receiver.received[0]
    assert Webhook(secret.reveal()).verify(body, headers)["type"] == "order.paid"
    assert secret.reveal() not in worker.output()
