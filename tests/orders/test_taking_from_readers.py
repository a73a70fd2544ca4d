"""A published article is taken from readers: by the desk or the API, once, and the order's history says who and why."""

import json
from collections import Counter

import pytest
from django.test import Client

from config.models import ApiToken
from content.articles.models import Article
from orders import links, publishing
from orders.models import Mail, Order, OrderEvent
from tests.orders.admin.pages import NOTE, address, press, rows, told
from tests.orders.stages import fresh, make_staff, published, submitted, written
from tests.orders.test_action_races import duel

pytestmark = pytest.mark.django_db


def by_desk(order: Order, client: Client) -> int:
    client.force_login(make_staff())
    return press(client, order, "unpublish").status_code


def by_api(order: Order, client: Client) -> int:
    token = ApiToken.objects.issue(user=make_staff())
    path, body = f"/api/v1/admin/orders/{order.pk}/unpublish", json.dumps({"note": NOTE})
    return client.post(path, body, "application/json", headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.mark.parametrize(("way", "done", "again"), [(by_desk, 302, 302), (by_api, 200, 409)])
def test_the_orders_history_says_who_took_it_from_readers_and_why(client, way, done, again):
    order = published()
    url, mails = order.article.public_url, Mail.objects.count()
    assert client.get(url).status_code == 200
    assert way(order, client) == done
    assert client.get(url).status_code == 404
    row = order.events.get(action="unpublish")
    assert (row.actor_kind, row.actor_id, row.note) == ("staff", str(make_staff().pk), NOTE)
    assert row.data == {"from": url, "version": 1, "order": order.code}
    assert (fresh(order).status, Mail.objects.count()) == ("COMPLETED", mails)
    before = rows()
    assert way(order, client) == again and rows() == before


def test_staff_read_it_on_the_orders_page_and_find_the_order_by_the_articles_address(admin_client):
    order = published()
    press(admin_client, order, "unpublish")
    page = admin_client.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert ">unpublish</th><td>staff: admin</td>" in page and NOTE in page and address(order, "unpublish") not in page
    found = admin_client.get("/admin/orders/order/", {"q": order.article.slug}).content.decode()
    assert order.code in found
    assert order.code not in admin_client.get("/admin/orders/order/", {"q": "another-slug"}).content.decode()


def test_the_customers_page_does_not_call_it_published_any_more(client):
    order = published()
    publishing.take_from_readers(order_id=order.pk, staff=make_staff(), note=NOTE)
    page = client.get(links.status_path(order), follow=True).content.decode()
    assert "Your article was taken from readers" in page and "Taken from readers" in page
    assert "Your article is published" not in page and order.article.slug not in page and NOTE not in page


def test_all_completed_orders_of_the_article_have_the_row_and_no_others():
    order, link, waiting = published(), published(), written()
    Order.objects.filter(pk__in=(link.pk, waiting.pk)).update(article=order.article)
    publishing.take_from_readers(order_id=link.pk, staff=make_staff(), note=NOTE)
    noted = OrderEvent.objects.filter(action="unpublish")
    assert {row.order_id for row in noted} == {order.pk, link.pk} and noted.count() == 2


def test_without_a_reason_or_before_publishing_nothing_changes(admin_client):
    order, early = published(), submitted()
    before = rows(), list(Article.objects.order_by("pk").values())
    assert "At least 1 characters" in press(admin_client, order, "unpublish", note=" \u200b").content.decode()
    assert "Nothing was changed." in told(press(admin_client, early, "unpublish"))
    assert (rows(), list(Article.objects.order_by("pk").values())) == before


def test_the_list_of_articles_has_no_way_past_the_history(admin_client):
    order = published()
    wanted = {"action": "take_from_readers", "_selected_action": [str(order.article_id)]}
    admin_client.post("/admin/articles/article/", wanted)
    assert fresh(order).article.public_url


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_takes_it_and_there_is_one_row():
    staff = make_staff()

    def take(order: Order) -> None:
        publishing.take_from_readers(order_id=order.pk, staff=staff, note=NOTE)

    results = duel(10, published, take, take)
    assert Counter(map(frozenset, results)) == {frozenset({"won", "not_live"}): 10}
    assert OrderEvent.objects.filter(action="unpublish").count() == 10
