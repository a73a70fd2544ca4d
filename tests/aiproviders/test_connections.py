import pytest
from django.db import connection, transaction

from aiproviders.connections import give_back

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_connection_is_given_back():
    connection.ensure_connection()
    give_back("Somebody")
    assert connection.connection is None


def test_inside_a_transaction_it_is_refused_by_name():
    with transaction.atomic(), pytest.raises(RuntimeError, match="^Somebody was called inside an open transaction"):
        give_back("Somebody")
