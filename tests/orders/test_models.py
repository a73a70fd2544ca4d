"""What the database itself refuses, whatever the code above it does."""

import pytest
from django.db import IntegrityError, transaction

from orders.models import Order, Payment, PaymentStatus, Product
from orders.models.order import CODE_ALPHABET, new_code
from tests.orders.builders import make_order, make_paid_order, make_product

pytestmark = pytest.mark.django_db


def refused(function) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        function()


def test_an_order_has_no_status_outside_of_the_table():
    order = make_order()
    refused(lambda: Order.objects.filter(pk=order.pk).update(status="SHIPPED"))


def test_two_payments_cannot_both_pay_for_one_order():
    order = make_paid_order()
    payment = {"order": order, "provider": "sandbox", "amount": order.amount, "currency": order.currency}
    refused(lambda: Payment.objects.create(**payment, status=PaymentStatus.CONFIRMED))
    Payment.objects.create(**payment, status=PaymentStatus.SURPLUS)


@pytest.mark.parametrize("field", ["intent_id", "session_id"])
def test_one_payment_per_intent_and_per_session_but_many_without(field):
    first, second = make_order().payments.get(), make_order().payments.get()
    Payment.objects.filter(pk__in=[first.pk, second.pk]).update(**{field: ""})
    Payment.objects.filter(pk=first.pk).update(**{field: "same"})
    refused(lambda: Payment.objects.filter(pk=second.pk).update(**{field: "same"}))


def test_a_product_has_a_price():
    refused(lambda: Product.objects.create(slug="free", name="Free", price=0))


def test_prices_are_copied_so_that_a_new_price_changes_no_order():
    product = make_product()
    order = make_order(product=product)
    make_product(price=9900, words=900)
    order.refresh_from_db()
    assert (order.amount, order.words, order.amount_text) == (4900, 400, "$49.00")


def test_codes_are_short_and_without_look_alikes():
    code = new_code()
    assert len(code) == 5 and set(code) <= set(CODE_ALPHABET)
    assert not set("01256IO8") & set(CODE_ALPHABET)
