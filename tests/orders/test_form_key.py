"""A form that is sent twice at the same moment."""

import threading

import pytest
from django.db import connection

from orders.models import Order, OrderEvent, Payment
from tests.orders.builders import make_order, make_product


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_ten_at_once_make_one_order_with_one_checkout():
    make_product()
    barrier, codes, errors = threading.Barrier(10), [], []

    def send() -> None:
        try:
            barrier.wait()
            codes.append(make_order(form_key="k" * 64).code)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(codes) == 10
    assert set(codes) == {Order.objects.get().code}
    assert Payment.objects.count() == OrderEvent.objects.count() == 1


@pytest.mark.django_db
def test_orders_without_a_form_are_never_taken_for_one():
    assert make_order().pk != make_order().pk
