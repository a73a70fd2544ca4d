"""Orders whose events from Stripe were lost: what the customer's click and the recurring jobs find out."""

import pytest
from django.db import transaction

from config.models import ApiToken
from orders.actors import SYSTEM
from orders.models import Mail, Order, PaymentStatus, StripeEvent
from orders.payments import balance, checkouts, reconcile
from orders.payments.checkouts import close_all
from orders.payments.settling import note_refund
from orders.states import CancelReason
from orders.transitions import transition
from queues.models import Job
from tests.factories import running_job
from tests.orders.builders import DAY, INPUTS, aged, deliver, event, make_order, make_product, session_event
from tests.orders.payments.paying_back import STRIPE, news, paid_out, paid_payment, requested
from tests.orders.shopping import FILLED, opened

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = DAY / 2


def reconciled() -> dict:
    return reconcile.reconcile(running_job("orders.reconcile", {}))


def expired() -> int:
    return reconcile.expire_unpaid(running_job("orders.expire_unpaid", {}))


def run(kind: str, look) -> None:
    job = Job.objects.get(kind=kind)
    look(order_of(job).payments.get(pk=job.args["payment_id"]), SYSTEM)


def order_of(job: Job) -> Order:
    return Order.objects.get(payments=job.args["payment_id"])


def states(order: Order) -> tuple[str, list[str]]:
    order.refresh_from_db()
    return order.status, [payment.status for payment in order.payments.all()]


@pytest.fixture
def order(stripe) -> Order:
    return aged(make_order(), LONG_AGO)


def paid(stripe, order: Order) -> list[dict]:
    """The customer pays, and Stripe's events are lost; returns them."""
    return stripe.pay(order.payments.get().session_id)


def test_a_payment_whose_events_were_lost_is_found(stripe, order, client):
    lost = paid(stripe, order)
    assert reconciled()["payments"] == 1
    assert states(order) == ("PROCESSING", ["confirmed"])
    assert [deliver(client, each).json()["outcome"] for each in lost] == ["already", "already"]
    assert Mail.objects.filter(kind="order_paid").count() == 1
    assert reconciled() == {"payments": 0, "refunds": 0, "unsent": 0, "events": 0}


def test_a_young_checkout_is_left_to_its_events(stripe):
    order = make_order()
    paid(stripe, order)
    asked = len(stripe.requests)
    reconciled()
    assert len(stripe.requests) == asked
    assert states(order) == ("PENDING_PAYMENT", ["created"])


def test_a_checkout_that_expired_ends_the_order(stripe, order):
    stripe.expire(order.payments.get().session_id)
    reconciled()
    assert states(order) == ("CANCELLED", ["expired"])
    assert order.cancel_reason == CancelReason.PAYMENT_EXPIRED


def test_stripe_that_is_away_stops_the_round_and_changes_nothing(stripe, order):
    stripe.faults = ["503"]
    assert reconciled()["payments"] == 0
    assert states(order) == ("PENDING_PAYMENT", ["created"])


def test_a_checkout_that_stripe_does_not_know_stops_no_other(stripe, order):
    other = aged(make_order(), LONG_AGO)
    paid(stripe, other)
    del stripe.sessions[order.payments.get().session_id]
    assert reconciled()["payments"] == 1
    assert states(other)[0] == "PROCESSING"


def test_a_refund_on_its_way_is_followed_to_its_end(stripe, order):
    paid(stripe, order)
    reconciled()
    stripe.next_refund = "pending"
    refund = paid_out(requested(order, 900))
    aged_refund(refund)
    stripe.refunds[refund.provider_id]["status"] = "succeeded"
    assert reconciled()["refunds"] == 1
    refund.refresh_from_db()
    assert (refund.status, balance.net(order)) == ("succeeded", 4000)


def test_a_refund_whose_job_is_gone_is_asked_for_again(stripe, order):
    paid(stripe, order)
    reconciled()
    refund = requested(order, 900)
    aged_refund(refund)
    Job.objects.filter(kind="orders.pay_refund").delete()
    reconciled()
    reconciled()
    assert Job.objects.get(kind="orders.pay_refund").args == {"refund_id": str(refund.pk)}


def aged_refund(refund) -> None:
    moment = refund.created_at - LONG_AGO
    type(refund).objects.filter(pk=refund.pk).update(created_at=moment, not_before=moment)


@pytest.mark.parametrize(
    ("status", "attempts", "outcome"), [("failed", 7, "paid"), ("failed", 8, ""), ("received", 0, "paid")]
)
def test_an_event_that_failed_is_run_again_from_its_row(stripe, order, status, attempts, outcome):
    content = session_event(order)
    row = StripeEvent.objects.create(
        id="evt_1",
        type=content["type"],
        payload=content,
        status=status,
        attempts=attempts,
        received_at=order.created_at,
    )
    reconciled()
    row.refresh_from_db()
    assert row.outcome == outcome
    assert states(order)[0] == ("PROCESSING" if outcome else "PENDING_PAYMENT")


def test_an_order_that_nobody_paid_expires_and_so_does_its_checkout(stripe):
    order = aged(make_order(), DAY * 1.01)
    assert expired() == 1
    assert states(order) == ("CANCELLED", ["expired"])
    assert stripe.sessions[order.payments.get().session_id]["status"] == "expired"


def test_an_order_that_was_paid_after_all_does_not_expire(stripe):
    order = aged(make_order(), DAY * 1.01)
    paid(stripe, order)
    assert expired() == 0
    assert states(order) == ("PROCESSING", ["confirmed"])


def test_a_bank_debit_that_is_on_its_way_keeps_the_order_open(stripe, client):
    order = aged(make_order(), DAY * 1.01)
    session = stripe.sessions[order.payments.get().session_id]
    session |= {"status": "complete", "payment_intent": "pi_debit"}
    assert expired() == 0
    assert states(order) == ("PENDING_PAYMENT", ["created"])
    failed = event("checkout.session.async_payment_failed", session)
    assert deliver(client, failed).json()["outcome"] == "failed"
    assert states(order) == ("PENDING_PAYMENT", ["expired"])


def test_stripe_that_is_away_lets_no_order_expire(stripe):
    order = aged(make_order(), DAY * 1.01)
    stripe.faults = ["503"]
    assert expired() == 0
    assert states(order) == ("PENDING_PAYMENT", ["created"])


def test_a_cancelled_orders_checkout_is_closed_and_money_that_was_faster_goes_back(stripe, order):
    cancelled(order)
    paid(stripe, order)
    run("orders.close_checkout", reconcile.close_checkout)
    assert states(order) == ("CANCELLED", ["surplus"])
    assert order.payments.get().refunds.get().reason == "late"


def test_nobody_can_pay_in_a_checkout_that_was_closed(stripe, order):
    cancelled(order)
    run("orders.close_checkout", reconcile.close_checkout)
    assert stripe.sessions[order.payments.get().session_id]["status"] == "expired"
    assert states(order) == ("CANCELLED", ["expired"])


def cancelled(order: Order) -> None:
    with transaction.atomic():
        transition(order_id=order.pk, action="cancel", actor=SYSTEM, cancel_reason=CancelReason.CUSTOMER)
        close_all(order)


def test_a_charge_that_was_refunded_elsewhere_is_looked_up(stripe, order, client):
    paid(stripe, order)
    reconciled()
    intent = paid_payment(order).intent_id
    stripe.refund_by_hand(intent, 400)
    stripe.refund_by_hand(intent, 500)
    deliver(client, event("charge.refunded", {"payment_intent": intent, "amount_refunded": 900}))
    run("orders.check_refunds", reconcile.check_refunds)
    run("orders.check_refunds", reconcile.check_refunds)
    assert balance.net(order) == 4000
    assert paid_payment(order).refunds.count() == 2


def test_the_customer_can_have_the_payment_looked_up(stripe, order, client):
    paid(stripe, order)
    page = opened(client, order)
    assert "I have paid: check now" in client.get(page).content.decode()
    assert not Job.objects.filter(kind="orders.check_payment").exists()
    for _ in range(2):
        assert client.post(f"{page}/check-payment").url == page
    run("orders.check_payment", reconcile.check_payment)
    assert states(order) == ("PROCESSING", ["confirmed"])


def test_the_page_that_stripe_sends_customers_back_to_changes_nothing_by_itself(stripe, order, client):
    paid(stripe, order)
    page = opened(client, order)
    asked = len(stripe.requests)
    assert "returned.js" in client.get(f"{page}?paid=1").content.decode()
    assert "returned.js" not in client.get(page).content.decode()
    assert (len(stripe.requests), Job.objects.exists()) == (asked, False)
    reconciled()
    assert "returned.js" not in client.get(f"{page}?paid=1").content.decode()


def test_the_page_opens_a_checkout_that_could_not_be_opened_before(stripe, client):
    stripe.faults = ["503"]
    order = make_order()
    page = opened(client, order)
    assert 'form="paying"' in client.get(page).content.decode()
    assert not stripe.sessions
    assert client.post(f"{page}/pay").url == order.payments.get().checkout_url != ""
    assert states(order) == ("PENDING_PAYMENT", ["created"])


def test_a_page_whose_checkout_cannot_be_opened_comes_back(stripe, client):
    stripe.faults = ["503", "503"]
    page = opened(client, make_order())
    assert client.post(f"{page}/pay").url == page


def test_a_filled_form_leads_to_stripes_checkout(stripe, client):
    make_product()
    response = client.post("/order", FILLED)
    assert response.url == Order.objects.get().payments.get().checkout_url
    assert response.url.startswith("https://checkout.stripe.com/")


def test_an_api_clients_order_gets_its_checkout_by_a_job(stripe, django_user_model, client):
    make_product()
    wishes = {name: INPUTS[name] for name in ("email", "topic", "niche", "keyword", "notes")}
    wishes |= {"product": "article-400", "termsAccepted": True}
    wishes |= {"targetUrl": INPUTS["target_url"], "anchorText": INPUTS["anchor_text"]}
    token = ApiToken.objects.issue(user=django_user_model.objects.create_user("client"))
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key"}
    answer = client.post("/api/v1/purchase", wishes, content_type="application/json", headers=headers)
    assert (answer.status_code, len(stripe.requests)) == (201, 0)
    assert answer.json()["checkoutUrl"] == answer.json()["statusUrl"]

    job = Job.objects.get(kind="orders.open_checkout")
    payment = order_of(job).payments.get()
    for _ in range(2):
        checkouts.open_now(payment)
    assert (len(stripe.sessions), len(stripe.requests)) == (1, 1)
    page = opened(client, order_of(job))
    assert payment.checkout_url.partition("#")[0] in client.get(page).content.decode()


def test_only_who_may_see_the_order_can_pay_or_check_it(stripe, order, client):
    for door in ("pay", "check-payment"):
        assert client.post(f"/order-status/{order.pk}/{door}").status_code == 404
        assert client.get(f"/order-status/{order.pk}/{door}").url == f"/order-status/{order.pk}"
    assert not Job.objects.exists()


def test_forms_may_lead_to_stripe_and_nowhere_else(stripe, client, settings):
    assert "form-action 'self' https://checkout.stripe.com;" in client.get("/").headers["Content-Security-Policy"]
    settings.PAYMENTS = "sandbox"
    assert "form-action 'self';" in client.get("/").headers["Content-Security-Policy"]


def test_a_failed_bank_debit_can_be_followed_by_another_checkout(stripe, client):
    order = make_order()
    order.payments.update(status=PaymentStatus.EXPIRED)
    page = opened(client, order)
    assert client.post(f"{page}/pay").url.startswith("https://checkout.stripe.com/")
    assert states(order) == ("PENDING_PAYMENT", ["expired", "created"])
    note_refund(payment=order.payments.last(), news=news(order.payments.last()), actor=STRIPE)
    assert not order.payments.last().refunds.exists()
