"""The shop and its order form."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orders import links
from orders.models import Order
from tests.orders.builders import make_product
from tests.orders.shopping import FILLED, stored
from tests.orders.works import make_brought_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return make_product()


def test_the_shop_shows_what_is_on_offer_with_its_price(client, product):
    make_product(slug="hidden", name="Not for sale", active=False)
    page = client.get("/").content.decode()
    assert "Article, 400 words" in page
    assert "$49.00" in page
    assert "/order?product=article-400" in page
    assert "Not for sale" not in page


@pytest.mark.parametrize("path", ["/", "/order"])
def test_an_empty_shop_says_so_and_offers_no_form(client, path):
    page = client.get(path).content.decode()
    assert "Nothing is on offer just now" in page
    assert "<form" not in page


@pytest.mark.parametrize("path", ["/order", "/order/"])
def test_the_form_opens_with_and_without_a_slash(client, product, path):
    assert client.get(path).status_code == 200


def test_the_product_of_the_link_is_chosen_already(client, product):
    make_product(slug="article-800", price=8900)
    page = client.get("/order?product=article-800").content.decode()
    assert re.search(r'value="article-800"[^>]*checked', page)
    assert len(re.findall(r"<input[^>]*checked", page)) == 1


def test_a_valid_form_makes_one_unpaid_order_and_leads_to_its_checkout(client, product):
    response = client.post("/order", FILLED)
    order = Order.objects.get()
    assert (response.status_code, order.status, order.topic) == (302, "PENDING_PAYMENT", FILLED["topic"])
    assert response.url.endswith(f"/checkout/{order.payments.get().session_id}")


def test_whoever_ordered_may_open_the_order_page_without_the_link(client, product):
    response = client.post("/order", FILLED)
    order = Order.objects.get()
    cookie = response.cookies[f"order_page_{order.pk}"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/order-status/{order.pk}", True, "Lax")
    assert client.get(f"/order-status/{order.pk}").status_code == 200


def test_an_empty_form_is_refused_at_every_required_field_and_nothing_is_stored(client, product):
    response = client.post("/order", {"product": "article-400"})
    assert response.status_code == 400
    assert set(response.context["form"].errors) == {"topic", "target_url", "anchor_text", "email", "terms_accepted"}
    assert set(stored().values()) == {0}


def test_errors_stand_at_the_field_and_in_a_summary_that_leads_there(client, product):
    page = client.post("/order", FILLED | {"target_url": "javascript:alert(1)"}).content.decode()
    field = re.search(r'<input[^>]*name="target_url"[^>]*>', page).group()
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]+)"', field).group(1).split()
    assert "Must begin with http:// or https://." in re.search(rf'id="{described[-1]}">([^<]+)', page).group(1)
    assert '<a href="#id_target_url">Link address</a>: Must begin with http:// or https://.</li>' in page
    assert 'id="id_target_url"' in page
    assert "One thing to correct" in page


@pytest.mark.parametrize("missing", ["topic", "target_url", "anchor_text", "email", "terms_accepted", "product"])
def test_every_link_of_the_summary_leads_to_an_element(client, product, missing):
    page = client.post("/order", FILLED | {missing: ""}).content.decode()
    targets = re.findall(r'<a href="#(id_[a-z_]+)"', page)
    assert targets == [f"id_{missing}"]
    assert f'id="{targets[0]}"' in page


def test_a_refused_form_keeps_what_was_written_and_escapes_it(client, product):
    page = client.post("/order", FILLED | {"email": "<b>x", "notes": "</textarea><script>"}).content.decode()
    assert 'value="How cold brew coffee is made"' in page
    assert "&lt;b&gt;x" in page
    assert "<script>" not in page
    assert re.search(r'id="id_terms_accepted"[^>]*checked', page)


def test_ten_megabytes_are_refused_with_a_clear_page_and_nothing_is_stored(client, product):
    response = client.post("/order", FILLED | {"topic": "a" * 10_000_000})
    assert response.status_code == 413
    assert "That was too much text" in response.content.decode()
    assert set(stored().values()) == {0}


def test_a_form_from_somewhere_else_is_refused_and_nothing_is_stored(product):
    response = Client(enforce_csrf_checks=True).post("/order", FILLED)
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()
    assert set(stored().values()) == {0}


def test_a_form_with_its_own_token_passes_the_check(product):
    client = Client(enforce_csrf_checks=True)
    page = client.get("/order").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
    assert client.post("/order", FILLED | {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_form_that_is_sent_twice_makes_one_order(client, product):
    form = FILLED | {"form_id": "a" * 32}
    first, second = client.post("/order", form), client.post("/order", form)
    assert Order.objects.count() == 1
    assert first.url == second.url
    cookies = [{name: cookie.value for name, cookie in answer.cookies.items()} for answer in (first, second)]
    assert cookies[0] == cookies[1] and len(cookies[0]) == len(links.COOKIES)


def test_a_form_that_was_changed_before_it_was_sent_again_makes_another_order(client, product):
    form = FILLED | {"form_id": "a" * 32}
    client.post("/order", form)
    client.post("/order", form | {"topic": "How tea is made"})
    assert sorted(Order.objects.values_list("topic", flat=True)) == ["How cold brew coffee is made", "How tea is made"]


def test_two_forms_with_the_same_words_make_two_orders(client, product):
    for form_id in ("a" * 32, "b" * 32):
        client.post("/order", FILLED | {"form_id": form_id})
    assert Order.objects.count() == 2


def test_other_methods_are_not_allowed(client, product):
    assert client.put("/order").status_code == 405
    assert client.post("/").status_code == 405


def test_the_terms_and_what_is_promised_stand_before_the_payment(client, product, settings):
    page = " ".join(client.get("/order").content.decode().split())
    assert "About 400 words, with one link of yours; 5 revisions included, ready within 24 hours" in page
    assert "Within 14 days of paying you can withdraw" in page and "all your money goes back" in page
    settings.WITHDRAWAL_DAYS = 0
    assert "you can withdraw" not in client.get("/order").content.decode()


def test_a_link_in_an_article_can_be_ordered(client, product):
    make_product(slug="link", name="A link", kind="backlink", price=1900)
    article = make_brought_article()
    page = client.get("/order?product=link").content.decode()
    address = re.search(r'<datalist id="articles"><option value="([^"]+)">Coffee<', page).group(1)
    response = client.post("/order", FILLED | {"product": "link", "topic": "", "article_id": address})
    order = Order.objects.get()
    assert (response.status_code, order.kind, order.article_id, order.amount) == (302, "backlink", article.pk, 1900)
    assert order.topic == "Coffee"


def test_a_shop_without_links_asks_for_no_article(client, product):
    assert 'name="article_id"' not in client.get("/order").content.decode()


SECOND = {"items": "1", "2-product": "article-400", "2-topic": "How green tea is made", "2-anchor_text": "green tea"}
SECOND |= {"2-target_url": "https://beans.example.com/green-tea", "2-notes": "For my own readers."}


def test_one_more_place_keeps_what_was_written_and_checks_and_stores_nothing(client, product):
    written = FILLED | {"topic": "Tea & cake", "email": "no address yet", "form_id": "f" * 32, "add": "1"}
    response = client.post("/order", written)
    page = response.content.decode()
    assert response.status_code == 200 and "to correct" not in page and set(stored().values()) == {0}
    assert 'value="Tea &amp; cake"' in page and 'value="no address yet"' in page and f'value="{"f" * 32}"' in page
    assert 'name="2-topic"' in page and 'name="3-topic"' not in page and 'formaction="/order#item-3"' in page
    assert re.search(r'id="id_terms_accepted"[^>]*checked', page)
    again = client.post("/order", written | SECOND).content.decode()
    assert 'value="How green tea is made"' in again and 'name="3-topic"' in again


def test_ten_orders_fit_into_one_form_and_a_wrong_number_of_them_is_none(client, product):
    page = client.post("/order", FILLED | {"items": "8", "add": "1"}).content.decode()
    assert 'name="10-topic"' in page and 'name="11-topic"' not in page and 'name="add"' not in page
    for nonsense in ("99", "-1", "x", "1" * 5000, "\u0663"):
        page = client.post("/order", FILLED | {"items": nonsense, "add": "1"}).content.decode()
        assert 'name="11-topic"' not in page


def test_what_is_ordered_together_is_paid_in_one_checkout_and_made_once(client, product):
    make_product(slug="article-800", price=8900)
    filled = FILLED | SECOND | {"2-product": "article-800", "form_id": "f" * 32}
    first, again = client.post("/order", filled), client.post("/order", filled)
    one, two = Order.objects.order_by("created_at")
    assert first.url == again.url and first.url.endswith(f"/checkout/{two.payments.get().session_id}")
    assert (one.batch, one.email, one.amount) == (two.batch, two.email, 4900) and one.batch
    assert (two.topic, two.notes, two.amount) == ("How green tea is made", "For my own readers.", 8900)
    assert stored()["Payment"] == 2 and "$138.00" in client.get(first.url).content.decode()
    client.post("/order", filled | {"2-topic": "How black tea is made"})  # somebody came back and changed the second
    assert Order.objects.count() == 4


def test_from_the_page_of_one_the_other_is_found(client, product):
    client.post("/order", FILLED | SECOND)
    one, two = Order.objects.order_by("created_at")
    beside = f"/order-status/{one.pk}/beside/{two.code}"
    assert client.get(f"/order-status/{two.pk}").status_code == 404
    assert beside in client.get(f"/order-status/{one.pk}").content.decode()
    assert client.get(beside, follow=True).redirect_chain[-1] == (f"/order-status/{two.pk}", 302)
    assert client.get(f"/order-status/{two.pk}").status_code == 200
    for code in (one.code, "AAAAA"):
        assert client.get(f"/order-status/{one.pk}/beside/{code}").status_code == 404
    assert Client().get(beside).status_code == 404
    Order.objects.filter(pk=two.pk).update(email="")  # erased
    assert client.get(beside).status_code == 404
    assert beside not in client.get(f"/order-status/{one.pk}").content.decode()
    Order.objects.update(email="")
    assert client.get(beside).status_code == 404


def test_what_an_api_client_ordered_at_once_is_not_found_from_one_another(client, product, django_user_model):
    client.post("/order", FILLED | SECOND)
    one, two = Order.objects.order_by("created_at")
    Order.objects.update(owner=django_user_model.objects.create_user("agency"))
    assert client.get(f"/order-status/{one.pk}/beside/{two.code}").status_code == 404
    assert two.topic not in client.get(f"/order-status/{one.pk}").content.decode()


def test_a_place_that_was_left_empty_is_left_out(client, product):
    client.post("/order", FILLED | {"items": "2", "2-product": "article-400", "2-topic": " ", "3-notes": ""})
    assert Order.objects.get().batch is None


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("topic", "", "Topic of order 2"),
        ("target_url", "ftp://a.example.com", "Link address of order 2"),
        ("anchor_text", "", "Link text of order 2"),
        ("product", "none", "Product of order 2"),
        ("notes", "x" * 4001, "Notes to the writer of order 2"),
    ],
)
def test_what_is_wrong_in_the_second_is_told_there_and_none_is_made(client, product, name, value, where):
    response = client.post("/order", FILLED | SECOND | {f"2-{name}": value})
    page = response.content.decode()
    assert response.status_code == 400 and set(stored().values()) == {0}
    assert "One thing to correct" in page and f'<a href="#id_2-{name}">{where}</a>' in page
    assert f'id="id_2-{name}"' in page and f'id="id_2-{name}_error"' in page


def test_a_link_and_an_article_fit_into_one_form(client, product):
    make_product(slug="link", name="A link", kind="backlink")
    article = make_brought_article()
    client.post("/order", FILLED | SECOND | {"2-product": "link", "2-article_id": f"/articles/{article.pk}"})
    one, two = Order.objects.order_by("created_at")
    assert (one.kind, two.kind, two.article, one.batch) == ("article", "backlink", article, two.batch)


def test_ten_places_need_no_more_queries_than_one(client, product):
    make_product(slug="link", name="A link", kind="backlink")
    make_brought_article()
    counts = []
    for items in ("0", "8"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/order", FILLED | {"items": items, "add": "1"})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_network_sends_the_form_sixty_times_an_hour(product):
    pest = Client(REMOTE_ADDR="192.0.2.66")
    assert {pest.post("/order", {"topic": "x"}).status_code for _ in range(60)} == {400}
    refused = pest.post("/order", FILLED)
    assert refused.status_code == 429 and int(refused["Retry-After"]) > 3000 and not Order.objects.exists()
    assert pest.get("/order").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.67").post("/order", FILLED).status_code == 302
