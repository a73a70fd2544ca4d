"""The API of orders, over HTTP: who may do what, and that bad input stores nothing."""

import json
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from config.models import ApiToken
from orders import links
from orders.models import Order, Payment
from tests.orders.builders import make_order, make_paid_order, make_product
from tests.orders.buying import WISHES, buy, fields_of

pytestmark = pytest.mark.django_db


def status_of(order_id, client: Client | None = None, token: str = "", **headers):
    if token:
        headers["Authorization"] = f"Bearer {token}"
    return (client or Client()).get(f"/api/v1/purchase/status/{order_id}", headers=headers)


def token_of(order: Order) -> str:
    return links.token_for(order.pk, order.link_version)


@pytest.mark.parametrize("slash", ["", "/"])
def test_products_are_open_to_everybody(client, slash):
    make_product()
    make_product(slug="gone", active=False)
    response = client.get(f"/api/v1/purchase/products{slash}")
    assert response.json()["results"] == [
        {
            "slug": "article-400",
            "name": "Article, 400 words",
            "kind": "article",
            "price": 4900,
            "currency": "usd",
            "words": 400,
            "includedRevisions": 5,
            "deliveryHours": 24,
        }
    ]


def test_buying_gives_the_order_and_where_to_pay(api, user):
    make_product()
    response = buy(api)
    order = Order.objects.get()
    assert response.status_code == 201
    assert response.json() == {
        "orderId": str(order.pk),
        "code": order.code,
        "checkoutUrl": f"http://127.0.0.1:8000/checkout/{order.payments.get().session_id}",
        "statusUrl": links.status_url(order),
        "amount": 4900,
        "currency": "usd",
    }
    assert response["Location"] == links.status_url(order)
    assert (order.owner, order.status, order.topic) == (user, "PENDING_PAYMENT", WISHES["topic"])
    assert (order.events.get().actor_kind, order.events.get().actor_id) == ("api", str(user.pk))


def test_buying_needs_a_client(client):
    make_product()
    response = buy(client)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert not Order.objects.exists()


def test_a_revoked_token_buys_nothing(api):
    make_product()
    ApiToken.objects.update(revoked_at=timezone.now())
    assert buy(api).status_code == 401
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"topic": ""}, {"/topic"}),
        ({"topic": "x" * 201}, {"/topic"}),
        ({"topic": "nul \x00"}, {"/topic"}),
        ({"topic": "half \ud800"}, {"/topic"}),
        ({"topic": None}, {"/topic"}),
        ({"topic": {"a": 1}}, {"/topic"}),
        ({"targetUrl": "javascript:alert(1)"}, {"/targetUrl"}),
        ({"targetUrl": "http://127.0.0.1/", "anchorText": "x"}, {"/targetUrl", "/anchorText"}),
        ({"email": "nobody"}, {"/email"}),
        ({"product": "none"}, {"/product"}),
        ({"product": None}, {"/product"}),
        ({"product": ["article-400"]}, {"/product"}),
        ({"termsAccepted": False}, {"/termsAccepted"}),
        ({"termsAccepted": "perhaps"}, {"/termsAccepted"}),
        ({"notes": "n" * 4001}, {"/notes"}),
    ],
)
def test_a_wrong_field_is_named_as_on_the_wire_and_nothing_is_stored(api, changes, pointers):
    make_product()
    response = buy(api, **changes)
    assert response.status_code == 400
    assert fields_of(response) == pointers
    assert not Order.objects.exists()
    assert not Payment.objects.exists()


def test_a_product_that_is_no_longer_on_offer_cannot_be_bought(api):
    make_product(active=False)
    assert fields_of(buy(api)) == {"/product"}
    assert not Order.objects.exists()


@pytest.mark.parametrize("body", ["", "{", "[]", "null", '"text"', "[1]", "\xff"])
def test_a_body_that_is_no_object_is_refused(api, body):
    make_product()
    assert buy(api, body).status_code == 400
    assert not Order.objects.exists()


def test_a_huge_body_is_refused(api):
    make_product()
    assert buy(api, topic="x" * 10_000_000).status_code == 413
    assert not Order.objects.exists()


def test_another_content_type_is_refused(api):
    response = api.post("/api/v1/purchase", {"topic": "x"}, headers={"Idempotency-Key": "1"})
    assert (response.status_code, response["Content-Type"]) == (415, "application/problem+json")


def test_a_client_buys_with_an_idempotency_key_only(api):
    make_product()
    response = api.post("/api/v1/purchase", json.dumps(WISHES), content_type="application/json")
    assert response.status_code == 400
    assert fields_of(response) == {"/Idempotency-Key"}
    assert not Order.objects.exists()


def test_staff_in_a_browser_may_buy_without_one(admin_client):
    make_product()
    response = admin_client.post("/api/v1/purchase", json.dumps(WISHES), content_type="application/json")
    assert (response.status_code, Order.objects.count()) == (201, 1)


def test_the_customers_token_opens_the_status():
    order = make_paid_order()
    response = status_of(order.pk, token=token_of(order))
    assert response.status_code == 200
    assert (response.json()["orderId"], response.json()["status"]) == (str(order.pk), "PROCESSING")
    assert response["Cache-Control"] == "private, no-cache"


def test_the_cookie_of_the_order_page_opens_the_status():
    order = make_order()
    client = Client()
    client.cookies[f"order_api_{order.pk}"] = token_of(order)
    assert status_of(order.pk, client).status_code == 200


def test_staff_and_the_client_that_ordered_see_the_order_others_do_not(api, user, admin_client, django_user_model):
    order = make_order()
    assert status_of(order.pk, admin_client).status_code == 200
    assert status_of(order.pk, api).status_code == 404
    Order.objects.filter(pk=order.pk).update(owner=user)
    assert status_of(order.pk, api).status_code == 200


def test_unknown_orders_and_wrong_tokens_get_the_same_answer():
    order, other = make_order(), make_order()
    answers = [
        status_of(order.pk, token=token_of(other)),
        status_of(order.pk, token="A" * 32),
        status_of(order.pk, token="\u00e9"),
        status_of(uuid.uuid4(), token=token_of(order)),
        status_of("not-an-id", token=token_of(order)),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0]["Content-Type"] == "application/problem+json"


def test_nobody_at_all_is_asked_for_credentials():
    response = status_of(make_order().pk)
    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")


def test_a_status_that_has_not_changed_is_not_sent_again():
    order = make_paid_order()
    first = status_of(order.pk, token=token_of(order))
    headers = {"If-None-Match": first["ETag"]}
    second = status_of(order.pk, token=token_of(order), **headers)
    assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    Order.objects.filter(pk=order.pk).update(status="FAILED")
    assert status_of(order.pk, token=token_of(order), **headers).status_code == 200
