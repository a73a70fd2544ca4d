"""Finding orders: by what was paid, by what is due, by what people read out on the phone."""

import datetime

import pytest
from django.utils import timezone

from orders.models import Order, Refund
from tests.orders.builders import make_order, make_paid_order
from tests.orders.stages import cancelled, written

pytestmark = pytest.mark.django_db


def found(client, query: str) -> set[str]:
    response = client.get(f"/admin/orders/order/?{query}")
    assert response.status_code == 200
    return {order.code for order in response.context["cl"].result_list}


def test_by_payment(admin_client):
    unpaid, paid, refunding = make_order(), make_paid_order(), cancelled()
    refunded, stuck = cancelled(), cancelled()
    Refund.objects.filter(payment__order=refunded).update(status="succeeded")
    Refund.objects.filter(payment__order=stuck).update(status="needs_manual")
    held = make_order()
    held.payments.update(status="held")
    assert found(admin_client, "payment=unpaid") == {unpaid.code, held.code}
    assert found(admin_client, "payment=refunding") == {refunding.code}
    assert found(admin_client, "payment=refunded") == {refunded.code}
    assert found(admin_client, "payment=trouble") == {stuck.code}
    assert found(admin_client, "payment=held") == {held.code}
    assert paid.code in found(admin_client, "payment=paid")
    assert len(found(admin_client, "payment=nonsense")) == 6


def test_by_what_is_due(admin_client):
    coming, overdue, late = make_paid_order(), make_paid_order(), written()
    hour = datetime.timedelta(hours=1)
    Order.objects.filter(pk__in=[overdue.pk, late.pk]).update(due_at=timezone.now() - hour)
    assert found(admin_client, "due=overdue") == {overdue.code}
    assert found(admin_client, "due=coming") == {coming.code}
    assert found(admin_client, "due=late") == {late.code}
    page = admin_client.get("/admin/orders/order/").content.decode()
    assert "Overdue: 1" in page and "1 hour overdue" in page.replace("\xa0", " ")


def test_by_attention(admin_client):
    make_order()
    order = make_order()
    Order.objects.filter(pk=order.pk).update(needs_attention=True, attention_reason="Paid twice")
    assert found(admin_client, "needs_attention__exact=1") == {order.code}
    assert "Need attention: 1" in admin_client.get("/admin/orders/order/").content.decode()


@pytest.mark.parametrize("by", ["code", "email", "target_url", "intent"])
def test_by_what_people_know_of_their_order(admin_client, by):
    make_paid_order()
    order = make_paid_order(email="cleo@example.org", target_url="https://tea.example.net/oolong")
    known = order.payments.get().intent_id if by == "intent" else getattr(order, by)
    assert found(admin_client, f"q={known}") == {order.code}
