"""The token in a customer's link."""

import re
import uuid

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from orders import links
from orders.selectors import order_by_token
from tests.orders.builders import make_order

pytestmark = pytest.mark.django_db


def token_of(order) -> str:
    return links.token_for(order.pk, order.link_version)


def test_a_token_needs_no_escaping_and_is_never_taken_for_an_api_token():
    assert re.fullmatch(r"ol_[\w-]{32}", token_of(make_order()))


def test_the_token_opens_its_own_order_only():
    mine, other = make_order(), make_order()
    assert order_by_token(mine.pk, token_of(mine)) == mine
    assert order_by_token(other.pk, token_of(mine)) is None
    assert order_by_token(uuid.uuid4(), token_of(mine)) is None


@pytest.mark.parametrize("token", ["", "x", "ä" * 32, "\x00", "A" * 32, "A" * 100_000])
def test_a_wrong_token_opens_nothing(token):
    assert order_by_token(make_order().pk, token) is None


def test_for_a_wrong_token_no_more_is_read_than_for_an_unknown_order(django_assert_num_queries):
    for order_id in (make_order().pk, uuid.uuid4()):
        with django_assert_num_queries(1) as asked:
            assert order_by_token(order_id, "A" * 32) is None
        assert re.findall(r"SELECT (.*) FROM", asked[0]["sql"])[0].count('"orders_order".') == 1


def test_the_unknown_order_has_no_token_of_its_own():
    assert order_by_token(uuid.UUID(int=0), links.token_for(uuid.UUID(int=0), 0)) is None


def test_raising_the_link_version_revokes_the_link():
    order = make_order()
    token = token_of(order)
    order.link_version += 1
    order.save()
    assert order_by_token(order.pk, token) is None
    assert order_by_token(order.pk, token_of(order)) == order


def test_links_live_on_when_the_secret_key_is_changed_with_a_fallback(settings):
    order = make_order()
    token = token_of(order)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "a-new-key"
    assert order_by_token(order.pk, token) is None
    settings.SECRET_KEY_FALLBACKS = [old]
    assert order_by_token(order.pk, token) == order


def test_the_address_leads_to_the_orders_page(settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    order = make_order()
    assert links.status_url(order) == f"https://desk.example.com/order-status/{order.pk}?t={token_of(order)}"


def test_the_browser_gets_the_token_for_the_paths_that_the_order_is_spoken_of_only():
    order, response = make_order(), HttpResponse()
    links.remember(response, order)
    assert {morsel["path"] for morsel in response.cookies.values()} == {
        f"/order-status/{order.pk}",
        f"/api/v1/purchase/status/{order.pk}",
        f"/api/v1/purchase/{order.pk}",
        "/api/v1/purchase/request-revision",
        "/api/v1/purchase/submit-for-review",
    }
    for morsel in response.cookies.values():
        assert (morsel.value, morsel["httponly"], morsel["samesite"]) == (token_of(order), True, "Lax")
    request = RequestFactory().get("/")
    assert links.remembered(request, order.pk) == ""
    request.COOKIES |= {name: morsel.value for name, morsel in response.cookies.items()}
    assert links.remembered(request, order.pk) == links.remembered(request, str(order.pk)) == token_of(order)
    assert links.remembered(request, make_order().pk) == ""
