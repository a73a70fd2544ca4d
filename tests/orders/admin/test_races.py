"""Two members of staff press at one moment, on real connections."""

import uuid

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from orders.models import Order, OrderEvent, Refund
from tests.orders.admin.pages import press, told
from tests.orders.stages import submitted
from tests.orders.test_action_races import duel

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
ROUNDS = 8


def hands(*names: str, **asked):
    """Each presses its button in a browser of its own, and notes what it was told."""
    heard: list[str] = []

    def hand(name: str):
        client = Client()
        user = get_user_model().objects.create_superuser(f"{name}-{uuid.uuid4().hex[:6]}")
        client.force_login(user)
        return lambda order: heard.append(told(press(client, order, name, **asked)))

    return heard, [hand(name) for name in names]


def test_two_approvals_publish_once_and_the_second_is_told_by_whom():
    heard, both = hands("approve", "approve")
    duel(ROUNDS, submitted, *both)
    refusals = [words for words in heard if "Nothing was changed." in words]
    assert len(heard) == 2 * ROUNDS and len(refusals) == ROUNDS
    assert all("approved by approve-" in words for words in refusals)
    assert OrderEvent.objects.filter(action="approve").count() == ROUNDS
    assert set(Order.objects.values_list("status", flat=True)) == {"COMPLETED"}


def test_approving_against_failing_has_one_outcome_and_money_goes_back_at_most_once():
    heard, both = hands("approve", "fail_finally")
    duel(ROUNDS, submitted, *both)
    assert sum("Nothing was changed." in words for words in heard) == ROUNDS
    failed = Order.objects.filter(status="FAILED").count()
    assert Order.objects.filter(status="COMPLETED").count() == ROUNDS - failed
    assert Refund.objects.count() == failed


def test_two_refunds_of_the_whole_send_it_back_once():
    heard, both = hands("refund", "refund", amount="49.00")
    duel(ROUNDS, submitted, *both)
    assert sum("$49.00 of order" in words for words in heard) == ROUNDS and len(heard) == 2 * ROUNDS
    assert list(Refund.objects.values_list("amount", flat=True)) == [4900] * ROUNDS
