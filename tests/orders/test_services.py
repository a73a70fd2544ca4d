"""Making orders."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from content.articles.publishing import publish
from orders import jobs, services
from orders.models import Mail, Order, OrderEvent, Payment, Priority, Product
from orders.transitions import Conflict
from queues.models import Job
from queues.services import enqueue
from tests.orders.builders import make_order, make_product

pytestmark = pytest.mark.django_db


def test_demo_products_are_made_once_and_left_as_staff_changed_them():
    services.create_demo_products()
    Product.objects.filter(slug="article-400").update(price=1)
    assert [product.slug for product in services.create_demo_products()] == [
        "article-200",
        "article-400",
        "article-800",
    ]
    assert Product.objects.count() == 3
    assert Product.objects.get(slug="article-400").price == 1


def test_a_new_order_waits_for_its_payment_and_no_work_is_asked_for():
    order = make_order()
    payment = order.payments.get()
    assert (order.status, order.kind, order.priority) == ("PENDING_PAYMENT", "article", "normal")
    assert (payment.status, payment.amount, payment.currency) == ("created", 4900, "usd")
    assert payment.session_id.startswith("cs_test_")
    assert [(event.action, event.to_status, event.actor_kind) for event in order.events.all()] == [
        ("created", "PENDING_PAYMENT", "customer")
    ]
    assert order.terms_accepted_at is not None
    assert not Job.objects.exists()
    assert not Mail.objects.exists()


def test_a_wrong_order_stores_nothing():
    make_product()
    with pytest.raises(ValidationError) as caught:
        make_order(topic="", target_url="javascript:alert(1)")
    assert set(caught.value.message_dict) == {"topic", "target_url"}
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert not OrderEvent.objects.exists()


def test_a_code_that_is_taken_is_drawn_again(monkeypatch):
    letters = iter(make_order().code + "NEXT7")
    monkeypatch.setattr("orders.models.order.secrets.choice", lambda alphabet: next(letters))
    assert make_order().code == "NEXT7"
    assert Order.objects.count() == 2


def test_a_form_that_is_sent_twice_makes_one_order():
    assert make_order(form_key="form-1") == make_order(form_key="form-1", topic="Another topic")
    assert make_order(form_key="form-2") != make_order() != make_order()
    assert (Order.objects.count(), Payment.objects.count()) == (4, 4)


@pytest.mark.parametrize(("priority", "first"), [(Priority.RUSH, 1), (Priority.VIP, 2), (Priority.NORMAL, 5)])
def test_the_orders_priority_is_the_jobs_priority(priority, first):
    order = make_order()
    order.priority = priority
    assert jobs.request_first_version(order).priority == first


def test_asking_twice_for_the_same_article_gives_one_job():
    order = make_order()
    assert jobs.request_first_version(order) == jobs.request_first_version(order)
    assert Job.objects.get().args == {"order_id": str(order.pk)}


def test_several_orders_get_the_jobs_that_each_would_have_got_alone():
    link = make_product(slug="link", name="A link", kind="backlink", price=1900)
    orders = [make_order(), make_order(), make_order(product=link, article_id=publish(title="T", content="One.").pk)]
    orders[1].priority = Priority.RUSH
    known = jobs.request_first_version(orders[0])
    asked = jobs.request_first_versions(orders)
    assert asked[orders[0].pk] == known and Job.objects.count() == 3
    found = [(asked[order.pk].kind, asked[order.pk].priority, asked[order.pk].subject_id) for order in orders]
    kinds = ["orders.generate_article", "orders.generate_article", "orders.integrate_backlink"]
    assert found == list(zip(kinds, (5, 1, 5), (str(order.pk) for order in orders), strict=True))


def test_no_order_of_several_gets_a_job_while_another_one_of_one_is_open():
    orders = [make_order(), make_order()]
    enqueue("orders.revise_article", args={}, dedupe_key=f"order:{orders[1].pk}")
    with pytest.raises(Conflict), transaction.atomic():
        jobs.request_first_versions(orders)
    assert Job.objects.count() == 1
