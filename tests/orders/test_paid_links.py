"""Staff say how the link that was bought is marked, and search engines read it so."""

import pytest

from content.articles.models import Article
from orders import paid_links
from orders.transitions import Conflict
from tests.orders.builders import make_paid_order
from tests.orders.stages import fresh, make_staff, published, snapshot

pytestmark = pytest.mark.django_db


def live_page(client, order) -> str:
    return client.get(f"/articles/{Article.objects.get(pk=order.article_id).slug}").content.decode()


def test_a_paid_link_is_sponsored_until_staff_say_otherwise(client):
    order = published()
    assert 'rel="sponsored' in live_page(client, order)
    paid_links.mark(order_id=order.pk, rel="nofollow", staff=make_staff())
    page = live_page(client, order)
    assert 'rel="nofollow' in page and "sponsored" not in page
    event = order.events.get(action="mark_link")
    assert event.data == {"from": "sponsored", "to": "nofollow", "version": 1}


def test_without_a_text_there_is_nothing_to_mark():
    order = make_paid_order()
    before = snapshot()
    with pytest.raises(Conflict) as refused:
        paid_links.mark(order_id=order.pk, rel="ugc", staff=make_staff())
    assert refused.value.code == "no_link" and snapshot() == before


def test_a_mark_that_does_not_exist_is_refused():
    order = published()
    html = fresh(order).current_version.html
    with pytest.raises(ValueError, match="dofollow"):
        paid_links.mark(order_id=order.pk, rel="dofollow", staff=make_staff())
    assert fresh(order).current_version.html == html and not order.events.filter(action="mark_link").exists()
