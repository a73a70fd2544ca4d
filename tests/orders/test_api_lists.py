"""Buying links and several articles over the API, and the list of one's own orders."""

import json
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders.models import Order
from tests.content.articles.reader import make_article
from tests.orders.builders import make_order, make_product
from tests.orders.buying import WISHES, buy, fields_of

pytestmark = pytest.mark.django_db


def backlink(article, **changes) -> dict:
    """A wish for a link in `article`."""
    make_product(slug="link", kind="backlink", price=1900, words=0)
    return WISHES | {"product": "link", "articleId": str(article.pk), "topic": ""} | changes


def test_a_link_is_ordered_in_an_article_that_exists(api):
    article = make_article(title="Ten grinders")
    assert buy(api, json.dumps(backlink(article))).status_code == 201
    order = Order.objects.get()
    assert (order.kind, order.article, order.topic, order.amount) == ("backlink", article, "Ten grinders", 1900)


@pytest.mark.parametrize("changes", [{"articleId": None}, {"articleId": str(uuid.UUID(int=7))}, {"articleId": "one"}])
def test_a_link_needs_an_article_that_readers_see(api, changes):
    response = buy(api, json.dumps(backlink(make_article()) | changes))
    assert fields_of(response) == {"/articleId"}
    assert not Order.objects.exists()


def test_drafts_and_what_feeds_brought_get_no_links(api):
    for article in (make_article(published_at=None), make_article(feed_key="f")):
        assert fields_of(buy(api, json.dumps(backlink(article)))) == {"/articleId"}
    assert not Order.objects.exists()


def test_a_new_article_is_not_put_into_another(api):
    make_product()
    assert fields_of(buy(api, articleId=str(make_article().pk), topic="")) == {"/articleId", "/topic"}


def batch(client: Client, orders: object, **headers):
    headers = {"Idempotency-Key": str(uuid.uuid4())} | headers
    body = json.dumps({"orders": orders})
    return client.post("/api/v1/purchase/batch", body, content_type="application/json", headers=headers)


def test_several_orders_are_made_at_once_and_listed_together(api):
    make_product()
    buy(api)
    response = batch(api, [WISHES, WISHES | {"topic": "How tea is made"}])
    assert response.status_code == 201
    answer = response.json()
    made = Order.objects.filter(batch=answer["batchId"]).order_by("created_at")
    assert [line["orderId"] for line in answer["orders"]] == [str(order.pk) for order in made]
    assert [line["amount"] for line in answer["orders"]] == [4900, 4900]
    assert all(order.payments.count() == 1 for order in made)
    assert all(line["checkoutUrl"].startswith("http://127.0.0.1:8000/checkout/") for line in answer["orders"])
    assert len({line["checkoutUrl"] for line in answer["orders"]}) == 1
    listed = api.get(f"/api/v1/purchase?batchId={answer['batchId']}").json()["results"]
    assert [line["topic"] for line in listed] == ["How tea is made", WISHES["topic"]]


def test_orders_of_a_batch_for_another_customer_or_in_another_currency_are_paid_on_their_own(api):
    make_product()
    make_product(slug="euro", currency="eur")
    wishes = [WISHES, WISHES | {"email": "bea@example.com"}, WISHES | {"product": "euro"}, WISHES]
    addresses = [line["checkoutUrl"] for line in batch(api, wishes).json()["orders"]]
    assert addresses[0] == addresses[3] and len(set(addresses)) == 3


def test_one_wrong_order_of_a_batch_is_named_and_none_is_made(api):
    make_product()
    wrong = [WISHES, WISHES | {"topic": "x", "targetUrl": "ftp://a.example.com"}, WISHES | {"termsAccepted": False}]
    assert fields_of(batch(api, wrong)) == {"/orders/1/topic", "/orders/1/targetUrl", "/orders/2/termsAccepted"}
    assert fields_of(batch(api, [WISHES, WISHES | {"product": "none"}])) == {"/orders/1/product"}
    assert not Order.objects.exists()


@pytest.mark.parametrize("orders", [[], [WISHES] * 51, None, {}, "text", [1], [None]])
def test_a_batch_has_1_to_50_orders(api, orders):
    make_product()
    assert batch(api, orders).status_code == 400
    assert not Order.objects.exists()


def test_a_batch_needs_a_key_and_is_made_once(api):
    make_product()
    body = json.dumps({"orders": [WISHES]})
    bare = api.post("/api/v1/purchase/batch", body, content_type="application/json")
    assert (bare.status_code, fields_of(bare)) == (400, {"/Idempotency-Key"})
    key = {"Idempotency-Key": "1"}
    assert batch(api, [WISHES], **key).json() == batch(api, [WISHES], **key).json()
    assert Order.objects.count() == 1


def test_a_client_lists_its_own_orders_and_staff_all(api, user, admin_client):
    own, other = make_order(), make_order()
    Order.objects.filter(pk=own.pk).update(owner=user)
    assert [line["orderId"] for line in api.get("/api/v1/purchase").json()["results"]] == [str(own.pk)]
    listed = admin_client.get("/api/v1/purchase").json()["results"]
    assert [line["orderId"] for line in listed] == [str(other.pk), str(own.pk)]
    assert Client().get("/api/v1/purchase").status_code == 401


def test_the_list_is_filtered_and_paged(api, user):
    orders = [make_order() for _ in range(3)]
    Order.objects.update(owner=user)
    Order.objects.filter(pk=orders[1].pk).update(status="FAILED")
    failed = api.get("/api/v1/purchase?status=FAILED").json()["results"]
    assert [(line["orderId"], line["status"]) for line in failed] == [(str(orders[1].pk), "FAILED")]
    after = orders[1].created_at.isoformat().replace("+00:00", "Z")
    assert len(api.get(f"/api/v1/purchase?createdAfter={after}").json()["results"]) == 1
    page = api.get("/api/v1/purchase?limit=2").json()
    rest = api.get(page["next"]).json()
    seen = [line["orderId"] for line in page["results"] + rest["results"]]
    assert seen == [str(order.pk) for order in reversed(orders)]
    assert rest["next"] is None


@pytest.mark.parametrize(
    "query", ["status=DONE", "status=", "createdAfter=yesterday", "createdAfter=", "batchId=1", "limit=0", "cursor=x"]
)
def test_a_filter_that_makes_no_sense_is_a_wrong_field(api, query):
    response = api.get(f"/api/v1/purchase?{query}")
    assert fields_of(response) == {f"/{query.partition('=')[0]}"}


def test_the_list_asks_as_little_for_fifty_orders_as_for_one(api, user):
    counts = []
    api.get("/api/v1/purchase")  # the token notes its first use
    for orders in (1, 49):
        for _ in range(orders):
            make_order()
        Order.objects.update(owner=user)
        with CaptureQueriesContext(connection) as captured:
            assert api.get("/api/v1/purchase").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]
