"""The sandbox's checkout page. Paying goes over HTTP to our own webhook, so these tests run a real server."""

import pytest
from django.test import Client

from orders import links
from orders.models import Order, PaymentStatus
from queues.models import Job
from tests.orders.builders import make_batch, make_order, make_paid_order
from tests.orders.shopping import opened, stored


@pytest.fixture
def site(live_server, settings):
    """Our own webhook, reachable by the sandbox."""
    settings.PUBLIC_URL = live_server.url
    return live_server


def checkout(order: Order) -> str:
    return f"/checkout/{order.payments.get().session_id}"


@pytest.mark.django_db
def test_the_checkout_says_what_is_paid_for_and_that_no_money_moves(client):
    order = make_order()
    response = client.get(checkout(order))
    page = response.content.decode()
    for words in ("Test payment", "$49.00", order.code, order.topic, "No money moves"):
        assert words in page
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.django_db
def test_looking_at_the_checkout_changes_nothing(client):
    order = make_order()
    before = stored()
    for _ in range(2):
        client.get(checkout(order))
        client.head(checkout(order) + "/")
    order.refresh_from_db()
    assert stored() == before
    assert order.status == "PENDING_PAYMENT"


@pytest.mark.django_db
@pytest.mark.parametrize("session", ["cs_test_unknown", "x", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_checkout_is_not_found(client, session):
    make_order()
    assert client.get(f"/checkout/{session}").status_code == 404
    assert client.post(f"/checkout/{session}", {"outcome": "pay"}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("outcome", ["", "steal"])
def test_a_post_without_a_known_outcome_is_refused_and_changes_nothing(client, outcome):
    order = make_order()
    before = stored()
    response = client.post(checkout(order), {"outcome": outcome})
    assert response.status_code == 400
    assert "Nothing was chosen" in response.content.decode()
    assert stored() == before


@pytest.mark.django_db
def test_paying_needs_the_token_of_our_own_form():
    order = make_order()
    response = Client(enforce_csrf_checks=True).post(checkout(order), {"outcome": "pay"})
    order.refresh_from_db()
    assert (response.status_code, order.status) == (403, "PENDING_PAYMENT")


def test_paying_starts_the_work_and_leads_to_the_order_page(client, site):
    order = make_order()
    response = client.post(checkout(order), {"outcome": "pay"})
    order.refresh_from_db()
    assert response.url == links.status_path(order)
    assert (order.status, order.payments.get().status) == ("PROCESSING", PaymentStatus.CONFIRMED)
    assert Job.objects.filter(kind="orders.generate_article").count() == 1
    assert client.get(response.url, follow=True).status_code == 200


def test_a_declined_card_charges_nothing_and_can_be_followed_by_one_that_works(client, site):
    order = make_order()
    page = client.post(checkout(order), {"outcome": "decline"}, follow=True).content.decode()
    order.refresh_from_db()
    assert "The test card was declined" in page
    assert (order.status, order.payments.get().status) == ("PENDING_PAYMENT", PaymentStatus.FAILED)
    assert not Job.objects.exists()
    client.post(checkout(order), {"outcome": "pay"})
    order.refresh_from_db()
    assert order.status == "PROCESSING"


def test_paying_again_leads_to_the_order_and_asks_for_no_second_job(client, site):
    order = make_order()
    client.post(checkout(order), {"outcome": "pay"})
    before = stored()
    response = client.post(checkout(order), {"outcome": "pay"})
    assert response.url == f"/order-status/{order.pk}"
    assert stored() == before


@pytest.mark.django_db
def test_the_checkout_of_a_paid_order_does_not_hand_out_its_link():
    order = make_paid_order()
    stranger = Client()
    response = stranger.get(checkout(order))
    assert response.url == f"/order-status/{order.pk}"
    assert not [name for name in response.cookies if name.startswith("order_")]
    assert stranger.get(response.url).status_code == 404


@pytest.mark.django_db
def test_a_notice_that_does_not_arrive_is_told_and_can_be_tried_again(client, settings, live_server):
    order = make_order()
    settings.PUBLIC_URL = "http://127.0.0.1:9"  # nobody listens there
    response = client.post(checkout(order), {"outcome": "pay"})
    order.refresh_from_db()
    assert response.status_code == 502
    assert "We could not confirm the payment" in response.content.decode()
    assert order.status == "PENDING_PAYMENT"
    settings.PUBLIC_URL = live_server.url
    client.post(checkout(order), {"outcome": "pay"})
    order.refresh_from_db()
    assert order.status == "PROCESSING"


@pytest.mark.django_db
def test_an_unpaid_order_page_leads_to_the_checkout(client):
    order = make_order()
    page = client.get(opened(client, order)).content.decode()
    assert f'href="http://127.0.0.1:8000{checkout(order)}"' in page
    assert "Your order waits for its payment" in page


@pytest.mark.django_db
def test_several_orders_are_paid_on_one_page_that_names_each_with_its_price(client):
    orders = make_batch(4900, 2900)
    page = opened(client, orders[1])
    shown = client.get(page).content.decode()
    assert "Pay $78.00 now" in shown and all(f"Order {order.code}" in shown for order in orders)
    address = checkout(orders[1])
    assert address == checkout(orders[0])
    shown = client.get(address).content.decode()
    assert "Pay $78.00 with a test card" in shown and "$49.00" in shown and "$29.00" in shown


@pytest.mark.django_db
def test_what_an_api_client_orders_for_others_is_not_shown_to_each_of_them(client, django_user_model):
    orders = make_batch(4900, 2900)
    Order.objects.filter(pk=orders[0].pk).update(topic="A secret topic")
    owner = django_user_model.objects.create_user("agency")
    assert "A secret topic" in client.get(opened(client, orders[1])).content.decode()
    Order.objects.update(owner=owner)
    assert "A secret topic" not in client.get(opened(client, orders[1])).content.decode()
