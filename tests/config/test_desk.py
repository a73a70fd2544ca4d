"""What the admin's pages have in common."""

import re

import pytest

from config.templatetags.desk import duration
from orders.models import Order
from queues.models import Queue
from queues.services import enqueue
from tests.orders.builders import make_paid_order

pytestmark = pytest.mark.django_db


def test_lists_are_called_by_what_they_list_and_times_have_a_zone(admin_client):
    job = enqueue("engine.write", args={"name": "a"})
    page = admin_client.get("/admin/queues/job/").content.decode()
    assert "<title>Jobs – Copydesk desk</title>" in page and "<h1>Jobs</h1>" in page
    assert f"{job.created_at:%-d %b %Y %H:%M:%S} UTC" in page
    assert 'href="/admin/queues/queue/">Queues</a> /' in page


def test_the_desk_begins_with_what_is_in_trouble_and_what_waits(admin_client, django_assert_max_num_queries):
    Queue.objects.filter(pk="blog").delete()
    Queue.objects.create(name="blog", paused=True, paused_by="ada", paused_reason="prices")
    for number in range(3):
        enqueue("engine.write", args={"name": str(number)})
    order = make_paid_order()
    Order.objects.filter(pk=order.pk).update(needs_attention=True, attention_reason="look")
    with django_assert_max_num_queries(30):
        page = admin_client.get("/admin/").content.decode()
    assert "No worker is alive: nothing is being done." in page
    assert '<a href="/admin/queues/queue/blog/change/">The queue blog is paused by ada: prices. Jobs that wait' in page
    assert '<a href="/admin/orders/order/?needs_attention__exact=1">Orders that need attention: 1.</a>' in page
    assert re.search(r'state__exact=waiting"><strong>[4-9]</strong> Waiting</a>', page)
    assert '<a href="/admin/orders/order/?status__exact=PROCESSING"><strong>1</strong> Writing</a>' in page
    for path in dict.fromkeys(re.findall(r'<li><a href="([^"]+)"', page)):
        assert admin_client.get(path.replace("&amp;", "&")).status_code == 200, path


def test_staff_without_rights_are_told_nothing_there(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("new", is_staff=True))
    make_paid_order()
    page = client.get("/admin/").content.decode()
    assert "To see to" not in page and "figures" not in page and "Queues</a> /" not in page


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "–"), (0.42, "0.4 s"), (41.2, "41 s"), (59.99, "1 min 0 s"), (368, "6 min 8 s"), (3599.7, "1 h 0 min")]
    + [(7500, "2 h 5 min"), (273600, "3 d 4 h")],
)
def test_durations_have_units_that_people_use(seconds, words):
    assert duration(seconds) == words
