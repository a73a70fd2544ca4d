"""The job of a refund: the provider is asked once that counts, whatever happens in between."""

import pytest

from orders.models import Mail
from orders.payments import balance, payouts, sandbox
from orders.payments.base import ProviderAway, ProviderRefused
from orders.payments.refunds import call_off
from orders.payments.settling import note_refund
from queues import control
from queues.errors import Superseded
from queues.failure import settle
from queues.models import Job
from tests.orders.builders import make_paid_order
from tests.orders.payments.paying_back import STRIPE, SYSTEM, attempt, news, paid_out, paid_payment, requested

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(db):
    return make_paid_order()


def test_the_whole_payment_goes_back_and_the_order_ends(order):
    writing = order.current_job
    refund = requested(order)
    job = attempt(refund)
    payouts.pay_out(refund_id=str(refund.pk), job=job)
    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.status, refund.provider_id != "", refund.settled_at is not None) == ("succeeded", True, True)
    assert (order.status, order.cancel_reason, order.current_job) == ("CANCELLED", "refunded_externally", None)
    assert Job.objects.get(pk=job.id).state == "completed"
    assert balance.net(order) == 0
    assert [event.action for event in order.events.all()][-4:] == [
        "refund_requested",
        "refund_submitted",
        "refund_succeeded",
        "refunded",
    ]
    assert Mail.objects.filter(kind="refunded").count() == 1
    assert Job.objects.get(pk=writing).state in ("waiting", "cancelled")


@pytest.mark.django_db(transaction=True)
def test_the_work_on_an_order_that_was_paid_back_is_stopped():
    order = make_paid_order()
    writing = order.current_job
    paid_out(requested(order))
    assert Job.objects.get(pk=writing).state == "cancelled"


def test_a_part_that_goes_back_leaves_the_order_as_it_is(order):
    refund = paid_out(requested(order, 1000))
    before = order.status, order.current_job
    order.refresh_from_db()
    assert (refund.status, balance.net(order)) == ("succeeded", 3900)
    assert (order.status, order.current_job) == before


def test_a_published_order_stays_published(order):
    type(order).objects.filter(pk=order.pk).update(status="COMPLETED")
    paid_out(requested(order))
    order.refresh_from_db()
    assert (order.status, order.cancel_reason, balance.net(order)) == ("COMPLETED", "", 0)


def test_a_job_that_runs_again_pays_once(order):
    refund = requested(order, 1000)
    paid_out(refund)
    paid_out(refund)
    assert balance.returned(paid_payment(order)) == 1000
    assert Mail.objects.filter(kind="refunded").count() == 1
    assert order.events.filter(action="refund_succeeded").count() == 1


def test_a_provider_that_is_away_is_asked_again(order, monkeypatch):
    refund = requested(order, 1000)
    with monkeypatch.context() as patch:
        patch.setattr(sandbox.Sandbox, "pay_back", away)
        job = attempt(refund)
        with pytest.raises(ProviderAway) as wish:
            payouts.pay_out(refund_id=str(refund.pk), job=job)
        settle(job.job, wish.value)
    refund.refresh_from_db()
    assert (refund.status, Job.objects.get(pk=job.id).state) == ("submitted", "delayed")
    control.promote(Job.objects.get(pk=job.id))
    assert paid_out(refund).status == "succeeded"
    assert order.events.filter(action="refund_submitted").count() == 1


def away(backend, refund):
    raise ProviderAway("Stripe answered 503.", retry_after=7)


def test_a_provider_that_refuses_hands_the_refund_to_staff_who_may_try_again(order, monkeypatch):
    refund = requested(order, 1000)

    def refuses(backend, refund):
        raise ProviderRefused("Stripe answered 400 (charge_disputed).")

    with monkeypatch.context() as patch:
        patch.setattr(sandbox.Sandbox, "pay_back", refuses)
        job = attempt(refund)
        with pytest.raises(ProviderRefused) as end:
            payouts.pay_out(refund_id=str(refund.pk), job=job)
        settle(job.job, end.value)
    refund.refresh_from_db()
    order.refresh_from_db()
    assert (refund.status, refund.failure) == ("needs_manual", "Stripe answered 400 (charge_disputed).")
    assert (order.needs_attention, order.status) == (True, "PROCESSING")
    assert not Mail.objects.filter(kind="refunded").exists()
    assert control.retry(Job.objects.get(pk=job.id)) is True
    assert paid_out(refund).status == "succeeded"


def test_a_worker_that_lost_its_job_during_the_call_still_notes_that_the_money_went(order, monkeypatch):
    refund = requested(order, 1000)
    job, pay_back = attempt(refund), sandbox.Sandbox.pay_back

    def overtaken(backend, refund):
        Job.objects.filter(pk=job.id).update(state="waiting")
        return pay_back(backend, refund)

    monkeypatch.setattr(sandbox.Sandbox, "pay_back", overtaken)
    with pytest.raises(Superseded):
        payouts.pay_out(refund_id=str(refund.pk), job=job)
    refund.refresh_from_db()
    assert refund.status == "succeeded"
    assert order.events.filter(action="refund_succeeded").count() == 1


def test_a_refund_made_elsewhere_meanwhile_makes_ours_needless(order):
    refund = requested(order)
    note_refund(payment=paid_payment(order), news=news(paid_payment(order)), actor=STRIPE)
    assert paid_out(refund).status == "canceled"
    assert balance.returned(paid_payment(order)) == 4900
    order.refresh_from_db()
    assert order.needs_attention


def test_one_that_was_called_off_is_not_paid_out(order):
    refund = requested(order)
    call_off(refund=refund, actor=SYSTEM)
    assert (paid_out(refund).status, balance.returned(paid_payment(order))) == ("canceled", 0)
