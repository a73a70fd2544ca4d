"""Webhooks over HTTP, as a client with a token uses them."""

import json
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import Webhook

from config.models import ApiToken
from orders.actors import CUSTOMER
from orders.client_webhooks import delivering
from orders.client_webhooks.endpoints import MOST
from orders.models import OrderEvent, WebhookDelivery, WebhookEndpoint, WebhookSecret
from queues.models import Job
from tests.orders.admin.pages import staff_with
from tests.orders.builders import make_paid_order

pytestmark = pytest.mark.django_db
PATH = "/api/v1/webhooks"


def client_of(user) -> Client:
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})


@pytest.fixture
def api(client_user) -> Client:
    return client_of(client_user)


@pytest.fixture
def stranger(db) -> Client:
    return client_of(get_user_model().objects.create_user("eve"))


def register(api: Client, url: object):
    return api.post(PATH, json.dumps({"url": url}), content_type="application/json")


def test_a_webhook_is_registered_and_its_secret_is_shown_once_and_stored_sealed(api, receiver):
    answer = register(api, receiver.url)
    told = answer.json()
    assert (answer.status_code, told["url"], told["disabledAt"]) == (201, receiver.url, None)
    assert told["secret"].startswith("whsec_") and answer["Cache-Control"] == "no-store"
    assert told["secret"] not in str(list(WebhookSecret.objects.values())) + str(list(WebhookEndpoint.objects.values()))
    listed = api.get(f"{PATH}/").json()["results"]
    assert [(row["id"], "secret" in row) for row in listed] == [(told["id"], False)]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:8000/hook", "not on the public internet"),
        ("https://10.0.0.1/", "not on the public internet"),
        ("https://169.254.169.254/latest/meta-data", "not on the public internet"),
        ("https://[::ffff:127.0.0.1]/", "not on the public internet"),
        ("https://localhost/", "not on the public internet"),
        ("http://93.184.216.34/", "Must begin with https://"),
        ("ftp://93.184.216.34/", "http"),
        ("https://ada:secret@93.184.216.34/", "user name or password"),
        ("https://no-such-host.invalid/", "unknown"),
        ("https://93.184.216.34/" + "a" * 500, "500"),
        ("", "blank"),
        ("https://93.184.216.34/a b", "not allowed"),
        (7, "unreadable"),
    ],
)
def test_what_is_no_public_https_address_is_refused(api, url, words):
    answer = register(api, url)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["pointer"] == "/url"
    if words != "unreadable":
        assert words in answer.json()["errors"][0]["detail"]
    assert not WebhookEndpoint.objects.exists()


def test_the_same_address_twice_and_too_many_are_refused(api, receiver):
    for number in range(MOST):
        assert register(api, f"{receiver.url}/{number}").status_code == 201
    assert "with this address" in register(api, f"{receiver.url}/0").json()["errors"][0]["detail"]
    assert f"{MOST} webhooks" in register(api, f"{receiver.url}/more").json()["errors"][0]["detail"]
    assert WebhookEndpoint.objects.count() == MOST


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("delete", ""),
        ("post", "/rotate"),
        ("get", "/deliveries"),
        ("post", "/deliveries/{delivery}/resend"),
    ],
)
def test_strangers_find_nothing_and_nobody_needs_a_token(registered, client_user, stranger, method, path):
    make_paid_order(owner=client_user)
    path = path.format(delivery=WebhookDelivery.objects.get().pk)
    before = list(WebhookSecret.objects.values()), WebhookEndpoint.objects.count(), Job.objects.count()
    theirs = getattr(stranger, method)(f"{PATH}/{registered[0].pk}{path}")
    unknown = getattr(stranger, method)(f"{PATH}/{uuid.uuid4()}{path}")
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.content == unknown.content
    assert getattr(stranger, method)(f"{PATH}/nonsense{path}").status_code == 404
    assert getattr(Client(), method)(f"{PATH}/{registered[0].pk}{path}").status_code == 401
    assert stranger.get(PATH).json()["results"] == []
    after = list(WebhookSecret.objects.values()), WebhookEndpoint.objects.count(), Job.objects.count()
    assert after == before


def test_a_rotated_secret_is_shown_with_the_end_of_the_old_one(api, registered):
    answer = api.post(f"{PATH}/{registered[0].pk}/rotate")
    assert answer.status_code == 200 and answer.json()["secret"] != registered[1]
    assert answer.json()["previousValidUntil"] and answer["Cache-Control"] == "no-store"
    assert registered[0].secrets.count() == 2
    Webhook(answer.json()["secret"])


def test_the_log_shows_what_became_of_each_delivery(api, registered, client_user):
    order = make_paid_order(owner=client_user)
    WebhookDelivery.objects.update(status="failed", attempts=10, answer=500, error="The receiver answered 500.")
    (row,) = api.get(f"{PATH}/{registered[0].pk}/deliveries").json()["results"]
    assert (row["type"], row["status"], row["orderId"]) == ("order.paid", "failed", str(order.pk))
    assert (row["attempts"], row["answer"], row["error"]) == (10, 500, "The receiver answered 500.")
    assert row["createdAt"].endswith("Z") and row["deliveredAt"] is None


def test_the_log_needs_the_same_queries_for_one_and_for_many(api, registered, client_user):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert api.get(f"{PATH}/{registered[0].pk}/deliveries").status_code == 200
        return len(queries)

    make_paid_order(owner=client_user)
    count()  # the token's first use is noted
    one = count()
    for _ in range(4):
        make_paid_order(owner=client_user)
    assert count() == one


def test_one_is_sent_again_and_a_disabled_one_is_not(api, registered, client_user):
    make_paid_order(owner=client_user)
    delivery = WebhookDelivery.objects.get()
    WebhookDelivery.objects.update(status="failed")
    Job.objects.filter(kind="orders.deliver_webhook").update(state="failed")
    path = f"{PATH}/{registered[0].pk}/deliveries/{delivery.pk}/resend"
    answer = api.post(path)
    assert answer.status_code == 202
    assert api.get(answer["Location"]).json()["id"] == answer.json()["jobId"]
    delivery.refresh_from_db()
    assert delivery.status == "waiting"
    WebhookEndpoint.objects.update(disabled_at=delivery.created_at, disabled_because="It answered 410 Gone.")
    refused = api.post(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_disabled")
    assert "410 Gone" in refused.json()["detail"]


def test_a_removed_webhook_hears_nothing_more(api, registered, client_user):
    make_paid_order(owner=client_user)
    assert api.delete(f"{PATH}/{registered[0].pk}").status_code == 204
    make_paid_order(owner=client_user)
    assert not (WebhookEndpoint.objects.exists() or WebhookDelivery.objects.exists() or WebhookSecret.objects.exists())


def test_staff_see_deliveries_without_secrets_and_send_again(admin_client, registered, client_user):
    make_paid_order(owner=client_user)
    WebhookDelivery.objects.update(status="failed")
    listed = admin_client.get("/admin/orders/webhookdelivery/").content.decode()
    assert "order.paid" in listed and registered[0].url in listed
    shown = admin_client.get(f"/admin/orders/webhookendpoint/{registered[0].pk}/change/").content.decode()
    assert registered[1] not in shown and "whsec_" not in shown
    chosen = {"action": "send_again", "_selected_action": [str(WebhookDelivery.objects.get().pk)]}
    viewer = staff_with("see", "deliveries")
    assert "Send again" not in viewer.get("/admin/orders/webhookdelivery/").content.decode()
    viewer.post("/admin/orders/webhookdelivery/", chosen)
    assert WebhookDelivery.objects.get().status == "failed"
    assert not OrderEvent.objects.filter(action="webhook_resent").exists()
    admin_client.post("/admin/orders/webhookdelivery/", chosen)
    assert WebhookDelivery.objects.get().status == "waiting"
    assert OrderEvent.objects.get(action="webhook_resent").actor_kind == "staff"
    assert delivering.resend(WebhookDelivery.objects.get(), CUSTOMER).state == "waiting"
