"""Who may open an order's page, and how it travels."""

import logging
import re
import uuid

import pytest
from django.test import Client

from orders import links
from orders.models import Order
from queues import topics
from queues.models import Job, JobEvent
from tests.orders.builders import make_order, make_paid_order, make_version
from tests.orders.shopping import opened, queries

pytestmark = pytest.mark.django_db
DAYS_30 = 30 * 86400


@pytest.fixture
def order():
    return make_paid_order()


def test_the_link_is_swapped_for_a_cookie_of_this_order_only(client, order):
    response = client.get(links.status_path(order))
    cookie = response.cookies[f"order_page_{order.pk}"]
    assert (response.status_code, response.url) == (302, f"/order-status/{order.pk}")
    assert (cookie["path"], cookie["max-age"]) == (f"/order-status/{order.pk}", DAYS_30)
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize("slash", ["", "/"])
def test_page_and_fragment_open_with_and_without_a_slash(client, order, slash):
    path = opened(client, order)
    assert client.get(path + slash).status_code == 200
    assert client.get(f"{path}/live{slash}").status_code == 200
    assert client.get(f"{path}/stream{slash}").status_code == 307


def test_the_page_leads_to_the_stream_of_its_own_order_at_a_fresh_address(client, order, settings):
    settings.LIVE_URL = "https://live.example"
    response = client.get(f"{opened(client, order)}/stream")
    assert response["Cache-Control"] == "private, no-store"
    assert response.url.startswith("https://live.example/live/")
    assert f"orders.order:{order.pk}" in topics.opened_by(response.url.removeprefix(settings.LIVE_URL))


def test_while_the_article_waits_in_line_the_page_hears_of_that_line_too(client, order, settings):
    Job.objects.filter(queue="mail").update(state="completed")
    response = client.get(f"{opened(client, order)}/stream")
    heard = topics.opened_by(response.url.removeprefix(settings.LIVE_URL))
    assert heard == [f"orders.order:{order.pk}", "queue:article-generation"]


def refused(order: Order) -> dict[str, str]:
    """Addresses that do not open the order, by the reason."""
    token = links.token_for(order.pk, order.link_version)
    other = make_order()
    unknown = uuid.uuid4()
    return {
        "no token": f"/order-status/{order.pk}",
        "empty token": f"/order-status/{order.pk}?t=",
        "short token": f"/order-status/{order.pk}?t={token[:-1]}",
        "not ASCII": f"/order-status/{order.pk}?t=%C3%A4%00",
        "token of another order": f"/order-status/{order.pk}?t={links.token_for(other.pk, other.link_version)}",
        "revoked token": f"/order-status/{order.pk}?t={links.token_for(order.pk, order.link_version - 1)}",
        "unknown order": f"/order-status/{unknown}?t={token}",
        "unknown order, no token": f"/order-status/{unknown}",
        "fragment": f"/order-status/{order.pk}/live",
        "fragment of an unknown order": f"/order-status/{unknown}/live",
        "stream": f"/order-status/{order.pk}/stream",
        "stream of an unknown order": f"/order-status/{unknown}/stream",
        "version": f"/order-status/{order.pk}/versions/1",
        "receipt of an unknown order": f"/order-status/{unknown}/receipt",
        "cancelling": f"/order-status/{order.pk}/cancel",
        "cancelling an unknown order": f"/order-status/{unknown}/cancel",
    }


def without_what_differs_by_nature(page: str) -> str:
    """The page without its form's token."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_everything_that_does_not_open_an_order_gets_one_and_the_same_answer(order, django_assert_num_queries):
    answers = {}
    for reason, path in refused(order).items():
        with django_assert_num_queries(1):
            response = Client().get(path)
        assert (reason, response.status_code, list(response.cookies)) == (reason, 404, ["csrftoken"])
        page = without_what_differs_by_nature(response.content.decode())
        answers[reason] = (page, response.headers["Cache-Control"], response.headers["X-Robots-Tag"])
    assert len(set(answers.values())) == 1
    assert "Confirm it is you" in answers["no token"][0]


def test_no_link_that_is_tried_is_written_down(order, caplog):
    caplog.set_level(logging.DEBUG)
    token = links.token_for(order.pk, order.link_version)
    for path in (*refused(order).values(), links.status_path(order)):
        Client().get(path)
    assert "Not Found: /order-status/" in caplog.text
    assert token[:20] not in caplog.text and "t=" not in caplog.text


def test_a_wrong_token_is_refused_even_beside_a_cookie_that_is_right(client, order):
    path = opened(client, order)
    assert client.get(f"{path}?t=wrong").status_code == 404


def test_revoking_the_link_closes_the_page_for_cookies_too(client, order):
    path = opened(client, order)
    Order.objects.filter(pk=order.pk).update(link_version=2)
    assert client.get(path).status_code == 404


def test_the_cookie_of_one_order_does_not_open_another(client, order):
    opened(client, order)
    assert client.get(f"/order-status/{make_paid_order().pk}").status_code == 404


def test_a_malformed_order_id_is_not_found(client):
    assert client.get("/order-status/not-an-id?t=x").status_code == 404


def test_pages_of_an_order_stay_out_of_caches_and_search_engines_and_give_no_referrer_away(client, order):
    path = opened(client, order)
    for address in (path, f"{path}/live", links.status_path(order), f"{path}?t=wrong"):
        headers = client.get(address).headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex"
        assert headers["Referrer-Policy"] == "same-origin"


def test_the_page_never_shows_the_token_or_the_whole_address(client, order):
    page = client.get(opened(client, order)).content.decode()
    assert links.token_for(order.pk, order.link_version) not in page
    assert order.email not in page
    assert "a***@example.com" in page


def test_the_fragment_is_sent_again_only_when_it_changed(client, order):
    address = opened(client, order) + "/live"
    first = client.get(address)
    etag = first.headers["ETag"]
    unchanged = client.get(address, headers={"If-None-Match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    Job.objects.filter(pk=order.current_job).update(state="active", progress=3, total=7, stage="generating")
    changed = client.get(address, headers={"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag
    assert "3 of 7 parts done" in changed.content.decode()


def test_who_comes_from_paying_is_told_that_it_is_being_confirmed(client):
    path = opened(client, make_order())
    asked_by_script = re.search(r'data-live="([^"]+)"', client.get(f"{path}?paid=1").content.decode()).group(1)
    for address in (f"{path}?paid=1", asked_by_script):
        page = client.get(address).content.decode()
        assert "Confirming your payment" in page and "Check my payment now" in page
        assert "Pay $49.00 now" not in page
    assert "Your order waits for its payment" in client.get(path).content.decode()


def test_the_page_contains_the_fragment_as_it_is(client, order):
    path = opened(client, order)
    assert client.get(f"{path}/live").content.strip() in client.get(path).content


def test_without_javascript_a_moving_page_reloads_itself(client, order):
    page = client.get(opened(client, order)).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="10"></noscript>' in page


def test_posting_to_an_order_page_is_not_allowed(client, order):
    path = opened(client, order)
    assert client.post(path).status_code == client.post(f"{path}/live").status_code == 405


def test_the_number_of_queries_does_not_grow_with_the_history(client, order):
    order.current_version = make_version(order)
    order.status = "QUALITY_CHECK"
    order.save()
    path = opened(client, order)
    before = queries(client, path)
    job = Job.objects.get(pk=order.current_job)
    JobEvent.objects.bulk_create([JobEvent(job=job, message=f"Part {number} done") for number in range(50)])
    for number in range(50):
        order.events.create(action="payment_failed", actor_kind="provider", note=str(number))
        make_version(order)
    assert queries(client, path) == before
    assert before <= 12
