"""The webhook under attack and under Stripe's habits: what it answers and what it stores."""

import json
import time

import pytest
from django.conf import settings
from django.db import transaction

from orders.actors import CUSTOMER
from orders.models import Mail, Order, Payment, PaymentStatus, Refund, StripeEvent
from orders.transitions import transition
from queues.models import Job
from tests.orders.builders import deliver, event, intent_event, make_order, make_paid_order, session_event, signed

pytestmark = pytest.mark.django_db


def assert_nothing_stored(order: Order) -> None:
    order.refresh_from_db()
    assert order.status == "PENDING_PAYMENT"
    assert order.payments.get().status == PaymentStatus.CREATED
    assert (StripeEvent.objects.count(), Job.objects.count(), Mail.objects.count()) == (0, 0, 0)


def outcome_of(response) -> tuple[int, str]:
    return response.status_code, response.json()["outcome"]


@pytest.fixture
def order(db) -> Order:
    return make_order()


def test_a_paid_session_starts_the_work(client, order):
    assert outcome_of(deliver(client, session_event(order))) == (200, "paid")
    order.refresh_from_db()
    row = StripeEvent.objects.get()
    assert (order.status, row.status, row.outcome, row.order) == ("PROCESSING", "processed", "paid", order)
    assert (row.attempts, row.error) == (1, "")
    assert row.processed_at is not None
    assert (Job.objects.filter(kind="orders.generate_article").count(), Mail.objects.count()) == (1, 1)


def test_the_same_event_again_changes_nothing(client, order):
    paid = session_event(order)
    deliver(client, paid)
    assert outcome_of(deliver(client, paid)) == (200, "duplicate")
    assert StripeEvent.objects.get().attempts == 1
    assert (Job.objects.filter(kind="orders.generate_article").count(), Mail.objects.count()) == (1, 1)


def test_another_event_under_a_known_id_changes_nothing_that_is_stored(client, order):
    paid = session_event(order)
    deliver(client, paid)
    changed = session_event(order, amount_total=1) | {"id": paid["id"]}
    assert outcome_of(deliver(client, changed)) == (200, "duplicate")
    assert StripeEvent.objects.get().payload == paid
    assert (order.payments.get().amount, Refund.objects.count()) == (4900, 0)


def test_session_and_intent_of_one_payment_count_once(client, order):
    assert outcome_of(deliver(client, intent_event(order))) == (200, "paid")
    assert outcome_of(deliver(client, session_event(order))) == (200, "already")
    assert (Payment.objects.count(), Mail.objects.count(), StripeEvent.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "garbage",
        "t=,v1=",
        "t=1,v1=ab",
        "v1=abc",
        "t=NOW",
        "t=NOW,v1=\u00e9",
        f"t=NOW,v1={'0' * 64}",
    ],
)
def test_an_event_without_a_good_signature_is_refused(client, order, header):
    header = header.replace("NOW", str(int(time.time())))
    assert outcome_of(deliver(client, session_event(order), header=header)) == (400, "bad_signature")
    assert_nothing_stored(order)


def test_an_event_without_any_signature_header_is_refused(client, order):
    response = client.post("/webhooks/stripe", json.dumps(session_event(order)), content_type="application/json")
    assert outcome_of(response) == (400, "bad_signature")
    assert_nothing_stored(order)


def test_a_forged_event_is_refused(client, order):
    assert outcome_of(deliver(client, session_event(order), secret="whsec_mine")) == (400, "bad_signature")
    assert_nothing_stored(order)


def test_a_body_that_was_changed_after_signing_is_refused(client, order):
    header = signed(json.dumps(session_event(order)))
    assert outcome_of(deliver(client, session_event(order, amount_total=1), header=header)) == (400, "bad_signature")
    assert_nothing_stored(order)


def test_a_signature_of_the_old_scheme_is_refused(client, order):
    payload = json.dumps(session_event(order))
    header = signed(payload).replace("v1=", "v0=")
    assert outcome_of(deliver(client, payload, header=header)) == (400, "bad_signature")
    assert_nothing_stored(order)


@pytest.mark.parametrize(("age", "status"), [(301, 400), (295, 200), (0, 200), (-295, 200), (-330, 400), (-86400, 400)])
def test_a_signature_counts_for_five_minutes_into_past_and_future(client, order, age, status):
    assert deliver(client, session_event(order), at=time.time() - age).status_code == status
    if status == 400:
        assert_nothing_stored(order)


def test_a_body_that_is_not_utf8_is_refused(client, order):
    response = client.post(
        "/webhooks/stripe",
        b"\xff\xfe",
        content_type="application/json",
        headers={"Stripe-Signature": signed("\ufffd")},
    )
    assert outcome_of(response) == (400, "bad_signature")
    assert_nothing_stored(order)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("not json", "not_json"),
        ("", "not_json"),
        ("[" * 100_000, "not_json"),
        ('{"id": NaN}', "not_json"),
        ("[]", "not_an_event"),
        ("{}", "not_an_event"),
        ("null", "not_an_event"),
        ('"text"', "not_an_event"),
        ('{"id": 1, "type": "x", "data": {"object": {}}}', "not_an_event"),
        ('{"id": "", "type": "x", "data": {"object": {}}}', "not_an_event"),
        ('{"id": "evt_1", "type": null, "data": {"object": {}}}', "not_an_event"),
        ('{"id": "evt_1", "type": "x"}', "not_an_event"),
        ('{"id": "evt_1", "type": "x", "data": {"object": []}}', "not_an_event"),
    ],
)
def test_signed_nonsense_is_refused(client, order, body, outcome):
    assert outcome_of(deliver(client, body)) == (400, outcome)
    assert_nothing_stored(order)


@pytest.mark.database
@pytest.mark.parametrize("text", ["\\u0000", "\\ud800"])
def test_text_that_no_database_takes_is_never_an_error_of_ours(client, order, text):
    body = f'{{"id": "evt_1", "type": "x", "data": {{"object": {{"note": "{text}"}}}}}}'
    assert deliver(client, body).status_code in (200, 400)
    order.refresh_from_db()
    assert order.status == "PENDING_PAYMENT"


@pytest.mark.database
@pytest.mark.parametrize("value", ["1e400", "-1e400", '"\\ud800"'])
def test_a_value_that_no_database_takes_is_refused(client, order, value):
    body = f'{{"id": "evt_1", "type": "x", "data": {{"object": {{"amount": {value}}}}}}}'
    assert outcome_of(deliver(client, body)) == (400, "not_storable")
    assert_nothing_stored(order)


def test_a_body_over_256_kilobytes_is_refused(client, order):
    response = deliver(client, session_event(order, note="x" * 257 * 1024))
    assert response.status_code == 413
    assert_nothing_stored(order)


def test_only_posts_are_answered(client):
    assert client.get("/webhooks/stripe").status_code == 405


def test_the_path_works_with_a_slash_and_without_a_csrf_token(client, order):
    client.handler.enforce_csrf_checks = True
    body = json.dumps(session_event(order))
    response = client.post(
        "/webhooks/stripe/", body, content_type="application/json", headers={"Stripe-Signature": signed(body)}
    )
    assert outcome_of(response) == (200, "paid")


def test_the_previous_secret_still_opens_while_both_are_listed(client, order):
    settings.STRIPE_WEBHOOK_SECRETS.insert(0, "whsec_new")
    try:
        assert outcome_of(deliver(client, session_event(order), secret=settings.STRIPE_WEBHOOK_SECRETS[1])) == (
            200,
            "paid",
        )
    finally:
        settings.STRIPE_WEBHOOK_SECRETS.remove("whsec_new")


def test_an_event_of_a_type_that_we_do_not_use_is_kept_and_ignored(client, order):
    assert outcome_of(deliver(client, intent_event(order, event_type="payment_intent.created"))) == (200, "ignored")
    assert StripeEvent.objects.get().status == "ignored"
    order.refresh_from_db()
    assert order.status == "PENDING_PAYMENT"


def test_a_session_that_is_complete_but_not_paid_yet_waits_for_its_money(client, order):
    assert outcome_of(deliver(client, session_event(order, payment_status="unpaid"))) == (200, "ignored")
    later = session_event(order, event_type="checkout.session.async_payment_succeeded")
    assert outcome_of(deliver(client, later)) == (200, "paid")


@pytest.mark.parametrize(
    "metadata",
    [{}, None, [], {"order_id": "x"}, {"order_id": None}, {"order_id": "00000000-0000-4000-8000-000000000000"}],
)
def test_an_event_about_no_order_of_ours_is_kept_for_staff(client, order, metadata):
    assert outcome_of(deliver(client, session_event(order, metadata=metadata))) == (200, "unmatched")
    row = StripeEvent.objects.get()
    assert (row.status, row.order) == ("unmatched", None)
    order.refresh_from_db()
    assert order.status == "PENDING_PAYMENT"


@pytest.mark.parametrize(
    "wrong",
    [{"amount_total": 1}, {"amount_total": "4900"}, {"amount_total": None}, {"amount_total": True}, {"currency": 3}],
)
def test_a_wrong_amount_starts_nothing_and_calls_staff(client, order, wrong):
    assert outcome_of(deliver(client, session_event(order, **wrong))) == (200, "mismatch")
    order.refresh_from_db()
    assert (order.status, order.needs_attention) == ("PENDING_PAYMENT", True)
    assert not Job.objects.exists()


def test_a_refusal_is_noted_and_leaves_the_order_open(client, order):
    refused = intent_event(
        order, event_type="payment_intent.payment_failed", last_payment_error={"message": "Your card was declined."}
    )
    assert outcome_of(deliver(client, refused)) == (200, "failed")
    payment = order.payments.get()
    assert (payment.status, payment.failure) == (PaymentStatus.FAILED, "Your card was declined.")
    assert outcome_of(deliver(client, session_event(order))) == (200, "paid")


@pytest.mark.parametrize("intent", [{}, {"id": "pi_another"}, {"last_payment_error": "no object"}, {"id": None}])
def test_a_refusal_never_undoes_a_payment(client, order, intent):
    deliver(client, session_event(order))
    refused = intent_event(order, event_type="payment_intent.payment_failed", **intent)
    assert outcome_of(deliver(client, refused)) == (200, "ignored")
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) == ("PROCESSING", PaymentStatus.CONFIRMED)


def test_a_refusal_cannot_take_another_orders_intent(client, order):
    other = make_order()
    deliver(client, intent_event(other, event_type="payment_intent.payment_failed"))
    stolen = intent_event(order, event_type="payment_intent.payment_failed", id=f"pi_{other.payments.get().pk.hex}")
    assert outcome_of(deliver(client, stolen)) == (200, "ignored")
    assert order.payments.get().status == PaymentStatus.CREATED


def test_an_expired_session_cancels_the_unpaid_order_only(client, order):
    paid = make_paid_order()
    for each, outcome in ((order, "expired"), (paid, "ignored")):
        expired = session_event(each, event_type="checkout.session.expired", payment_status="unpaid")
        assert outcome_of(deliver(client, expired)) == (200, outcome)
        each.refresh_from_db()
    assert (order.status, order.cancel_reason, paid.status) == ("CANCELLED", "payment_expired", "PROCESSING")


def test_a_second_intent_for_a_paid_order_is_sent_back(client, order):
    deliver(client, session_event(order))
    assert outcome_of(deliver(client, intent_event(order, id="pi_second"))) == (200, "surplus")
    assert Refund.objects.get().reason == "duplicate"
    assert (Job.objects.filter(kind="orders.generate_article").count(), Mail.objects.count()) == (1, 1)


def test_money_never_reopens_an_order_that_was_cancelled_on_purpose(client, order):
    with transaction.atomic():
        transition(order_id=order.pk, action="cancel", actor=CUSTOMER, cancel_reason="customer")
    for each, outcome in ((session_event(order), "surplus"), (intent_event(order), "already")):
        assert outcome_of(deliver(client, each)) == (200, outcome)
    order.refresh_from_db()
    assert (order.status, order.needs_attention) == ("CANCELLED", True)
    assert (Refund.objects.get().reason, Refund.objects.get().amount) == ("late", 4900)
    assert not Mail.objects.exists()
    assert not Job.objects.filter(kind="orders.generate_article").exists()


def test_our_own_failure_keeps_the_event_and_asks_for_it_again(client, order, settings):
    queues, settings.QUEUES = settings.QUEUES, {}  # asking for the job now raises
    client.raise_request_exception = False
    paid = session_event(order)
    assert outcome_of(deliver(client, paid)) == (500, "error")
    row = StripeEvent.objects.get()
    assert (row.status, row.attempts, row.processed_at) == ("failed", 1, None)
    assert "queue" in row.error
    order.refresh_from_db()
    assert (order.status, order.payments.get().status) == ("PENDING_PAYMENT", PaymentStatus.CREATED)
    settings.QUEUES = queues
    assert outcome_of(deliver(client, paid)) == (200, "paid")
    row.refresh_from_db()
    assert (row.status, row.attempts, row.error) == ("processed", 2, "")


def test_an_event_that_knows_only_the_reference_of_its_order_is_matched(client, order):
    by_reference = session_event(order, metadata={}, client_reference_id=str(order.pk))
    assert outcome_of(deliver(client, by_reference)) == (200, "paid")


def test_the_answer_says_nothing_about_the_order(client):
    response = deliver(client, event("payment_intent.succeeded", {"id": "pi_1", "metadata": {}}))
    assert response.json() == {"outcome": "unmatched"}
