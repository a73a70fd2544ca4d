"""A real worker is killed between Stripe's yes and our note of it: one refund."""

import datetime

import pytest

from orders.models import Mail
from queues import clock
from queues.models import Job
from tests.orders.builders import deliver, make_order
from tests.orders.payments.paying_back import requested
from tests.orders.payments.stripe_server import KEY
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_a_worker_killed_after_stripes_yes_makes_one_refund(stripe, client, start_worker):
    order = make_order()
    for event in stripe.pay(order.payments.get().session_id):
        deliver(client, event)
    Job.objects.all().delete()  # nothing but the refund is to be done
    refund = requested(order, 900)
    env = {"PAYMENTS": "stripe", "STRIPE_SECRET_KEY": KEY, "STRIPE_API_BASE": stripe.url}
    env["STRIPE_WEBHOOK_SECRETS"] = "whsec_test"
    stripe.release.clear()
    doomed = start_worker("one", **env)
    assert stripe.holding.wait(30)
    doomed.kill()
    refund.refresh_from_db()
    assert (refund.status, len(stripe.refunds)) == ("submitted", 1)

    stripe.answers.clear()  # Stripe forgets keys after a day
    stripe.release.set()
    gone = clock.now() - datetime.timedelta(minutes=1)
    Job.objects.filter(kind="orders.pay_refund").update(lease_until=gone)
    start_worker("two", **env)
    wait_until(lambda: Job.objects.get(kind="orders.pay_refund").state == "completed")
    refund.refresh_from_db()
    assert (refund.status, list(stripe.refunds)) == ("succeeded", [refund.provider_id])
    assert Job.objects.get(kind="orders.pay_refund").attempts_started == 2
    assert Mail.objects.filter(kind="refunded").count() == 1
