from types import SimpleNamespace

import pytest

from orders import wording
from orders.models import Order


def version(**changes):
    values = {"generator": "ai", "is_demo": False, "provider": "openai", "model": "gpt-x"}
    return SimpleNamespace(**values | changes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "gpt-x (openai)"),
        ({"is_demo": True}, "SmolLM2-135M, built in"),
        ({"generator": "extract", "is_demo": True}, "Automatic extract, no AI"),
        ({"generator": "person", "model": ""}, "A person"),
        ({"generator": "person"}, "A person, and your link's sentence by AI"),
    ],
)
def test_the_writer_is_named(changes, expected):
    assert wording.writer(version(**changes)) == expected


@pytest.mark.parametrize(
    ("email", "expected"),
    [("ana@example.com", "a***@example.com"), ("a@b.org", "a***@b.org"), ('"x@y"@b.org', '"***@b.org')],
)
def test_an_address_is_masked_but_for_its_first_letter_and_its_host(email, expected):
    assert wording.masked(email) == expected


@pytest.mark.parametrize(
    ("taken", "expected"), [(0.2, "1 second"), (12.4, "12 seconds"), (60, "1 min 0 s"), (185, "3 min 5 s")]
)
def test_a_measured_time_is_told_in_words(taken, expected):
    assert wording.seconds(taken) == expected


def test_a_refused_topic_is_told_as_the_cause():
    assert "refused to write about this topic" in wording.cause("refusal")
    assert "Your topic was not the cause" in wording.cause("timeout")
    assert "topic" not in wording.cause("")


def test_the_time_until_the_article_is_promised_only_when_it_is_known():
    order = Order(status="PROCESSING", email="ana@example.com")
    assert wording.headline(order).lede.startswith("You can close this page")
    assert wording.headline(order, likely_seconds=20).lede.startswith("It usually takes ")
    assert wording.headline(order, waiting=True, likely_seconds=20).lede.startswith("We expect it in ")
    assert wording.headline(order, likely_seconds=20, late=True).lede.startswith("It takes longer than usual")
    held = wording.headline(order, waiting=True, likely_seconds=20, held=True).lede
    assert held.startswith("Nothing new starts just now; your place in line is kept. You can close")


@pytest.mark.parametrize("reason", ["payment_expired", "customer", "staff", "refunded_externally", "withdrawal", ""])
def test_every_reason_for_cancelling_has_a_sentence(reason):
    assert wording.headline(Order(status="CANCELLED", cancel_reason=reason)).lede.endswith(".")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("generating", "writing the sections one by one"),
        ("quality_check", "checking the text"),
        ("quality_check (try 2 of 3)", "checking the text (try 2 of 3)"),
        ("unheard of", "unheard of"),
    ],
)
def test_a_stage_is_told_with_its_try(name, expected):
    assert wording.stage(name) == expected


def test_what_is_to_pay_for_several_orders_is_said_instead_of_the_price_of_one():
    order = Order(status="PENDING_PAYMENT", amount=4900, currency="usd")
    for state in ({}, {"declined": True}, {"confirming": True}):
        assert "$49.00" in wording.headline(order, **state).lede
        assert "$78.00" in wording.headline(order, due="$78.00", **state).lede


def test_a_refund_that_was_called_off_is_not_promised(client):
    failed = Order(status="FAILED", amount=4900, currency="usd", kind="article")
    assert "goes back to you" in wording.headline(failed).lede
    assert wording.headline(failed, called_off=True).lede == "The refund of your $49.00 was called off."
