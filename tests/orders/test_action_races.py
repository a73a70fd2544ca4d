"""Two hands on one order at one moment, on real connections: one of them wins, and all rows agree about which."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections
from django.utils import timezone

from content.articles.models import ArticleVersion
from orders import cancelling, decisions, reviews, revisions, scheduling
from orders.actors import CUSTOMER
from orders.models import Mail, Order, OrderEvent, Refund, Review, RevisionRequest
from orders.transitions import Conflict
from queues.errors import Cancelled, Superseded
from queues.models import Job
from tests.orders.builders import make_paid_order
from tests.orders.stages import NOTES, finish, fresh, make_staff, running, scheduled, submitted, written

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
PATIENCE = 60


def attempt(call) -> str:
    try:
        call()
    except (Conflict, Superseded, Cancelled) as refusal:
        return getattr(refusal, "code", type(refusal).__name__)
    return "won"


def duel(rounds: int, prepare, *hands) -> list[tuple]:
    """What the `hands` came to in each round; they begin together, each on its own connection."""
    start, end = Barrier(len(hands) + 1), Barrier(len(hands) + 1)
    stakes: list = [None]

    def play(hand) -> list[str]:
        results = []
        try:
            for _ in range(rounds):
                start.wait(PATIENCE)
                results.append(attempt(lambda: hand(stakes[0])))
                connections.close_all()  # back to the pool, which has fewer than there are hands
                end.wait(PATIENCE)
        except BaseException:
            start.abort(), end.abort()
            raise
        finally:
            connections.close_all()
        return results

    with ThreadPoolExecutor(len(hands)) as pool:
        played = [pool.submit(play, hand) for hand in hands]
        for _ in range(rounds):
            stakes[0] = prepare()
            start.wait(PATIENCE)
            end.wait(PATIENCE)
        return list(zip(*(hand.result() for hand in played), strict=True))


def revise(order: Order) -> None:
    revisions.request_revision(order_id=order.pk, notes=NOTES, actor=CUSTOMER)


def submit(order: Order) -> None:
    reviews.submit_for_review(order_id=order.pk, version_id=order.current_version_id, actor=CUSTOMER)


def test_submitting_and_revising_200_times_has_one_winner_each_time():
    order = written()
    ends = []

    def reset() -> Order:
        now = fresh(order)
        if now.status != "QUALITY_CHECK":
            ends.append((now.status, Review.objects.count(), RevisionRequest.objects.count()))
            Review.objects.all().delete(), RevisionRequest.objects.all().delete()
            Job.objects.filter(kind="orders.revise_article").delete()
            Order.objects.filter(pk=order.pk).update(status="QUALITY_CHECK")
        return fresh(order)

    results = duel(200, reset, revise, submit)
    reset()
    assert Counter(sorted(pair) == ["won", "wrong_status"] for pair in results) == {True: 200}
    assert set(ends) <= {("PROCESSING", 0, 1), ("ADMIN_REVIEW", 1, 0)}
    assert len(ends) == 200


def test_cancelling_and_finishing_100_times_has_one_outcome_and_one_refund():
    jobs = {}

    def prepare() -> Order:
        order = make_paid_order()
        jobs[order.pk] = running(order)
        return order

    duel(
        100,
        prepare,
        lambda order: cancelling.cancel(order_id=order.pk, actor=CUSTOMER),
        lambda order: finish(fresh(order), jobs[order.pk]),
    )
    assert set(Order.objects.values_list("status", flat=True)) == {"CANCELLED"}
    refunds = Counter(Refund.objects.values_list("payment__order", flat=True))
    assert len(refunds) == 100 and set(refunds.values()) == {1}
    for order in Order.objects.all():
        steps = list(order.events.exclude(from_status="").values_list("action", flat=True))
        # The text is kept exactly if it came first.
        assert steps in (["payment_confirmed", "cancel"], ["payment_confirmed", "job_done", "cancel"])
        assert order.versions.count() == steps.count("job_done")
        job = Job.objects.get(pk=jobs[order.pk].id)
        assert job.state == ("completed" if "job_done" in steps else "active")
        assert job.cancel_requested == ("job_done" not in steps)
    assert ArticleVersion.objects.count() == OrderEvent.objects.filter(action="job_done").count()


def test_ten_clicks_on_revise_at_once_are_one_job():
    order = written()
    results = duel(1, lambda: order, *[revise] * 10)
    assert Counter(results[0]) == {"won": 1, "wrong_status": 9}
    assert Job.objects.filter(kind="orders.revise_article").count() == 1
    assert RevisionRequest.objects.get().job_id == fresh(order).current_job
    assert fresh(order).events.filter(action="request_revision").count() == 1


def test_ten_clicks_on_submit_at_once_are_one_review():
    order = written()
    assert duel(1, lambda: order, *[submit] * 10)[0] == ("won",) * 10
    assert Review.objects.count() == 1
    assert fresh(order).events.filter(action="submit_for_review").count() == 1


def test_taking_back_and_approving_at_once_has_one_winner():
    staff = make_staff()
    results = duel(
        10,
        submitted,
        lambda order: reviews.recall(order_id=order.pk, actor=CUSTOMER),
        lambda order: decisions.approve(order_id=order.pk, version_id=order.current_version_id, staff=staff),
    )
    assert all(sorted(pair) == ["won", "wrong_status"] for pair in results)
    assert Review.objects.filter(decision="pending").count() == 0
    live = Order.objects.filter(article__published_version__isnull=False)
    assert set(live) == set(Order.objects.filter(status="COMPLETED"))


def test_what_is_due_is_published_once_by_many():
    order = scheduled()
    Order.objects.filter(pk=order.pk).update(publish_at=timezone.now())
    counts = []
    duel(1, lambda: order, *[lambda _: counts.append(scheduling.publish_due())] * 6)
    assert sorted(counts) == [0] * 5 + [1]
    assert fresh(order).events.filter(action="publish").count() == 1


def test_a_double_cancel_is_one_refund():
    order = written()
    results = duel(1, lambda: order, *[lambda o: cancelling.cancel(order_id=o.pk, actor=CUSTOMER)] * 6)
    assert Counter(results[0]) == {"won": 1, "wrong_status": 5}
    assert Refund.objects.count() == 1
    assert Mail.objects.filter(kind="order_failed").count() == 0
