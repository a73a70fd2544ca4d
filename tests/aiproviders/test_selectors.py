import uuid
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from aiproviders.models import AICall
from aiproviders.selectors import Spend, median_cost, spend, spend_by_day, spend_by_model, spend_by_queue, spend_by_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MONDAY, TUESDAY = datetime(2026, 11, 2, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC)


def call(job=None, *, cost=None, tokens=(None, None), outcome="ok", at=None, **fields) -> None:
    values = {
        "provider": "openai",
        "model_asked": "m",
        "job_id": job,
        "outcome": outcome,
        "milliseconds": 1,
        "cost": cost and Decimal(cost),
        "input_tokens": tokens[0],
        "output_tokens": tokens[1],
        "prices_version": "1",
    }
    row = AICall.objects.create(**values | fields)
    if at:
        AICall.objects.filter(pk=row.pk).update(created_at=at)


def test_spend_adds_up_every_attempt_of_these_jobs_only():
    one, two, other = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    call(one, cost=Decimal("0.00000010"), tokens=(10, 5))
    call(one, cost=Decimal("0.25"), tokens=(100, 50), outcome="truncated")
    call(two, outcome="timeout")
    call(two, tokens=(7, 3))
    call(other, cost=Decimal("99"), tokens=(1, 1))

    assert spend([one, two]) == Spend(
        cost=Decimal("0.25000010"), calls=4, input_tokens=117, output_tokens=58, unpriced=1
    )


def test_spend_of_nothing_is_zero():
    assert spend([uuid.uuid4()]) == spend([]) == Spend(Decimal(0), 0, 0, 0, 0)


def costs(found: dict) -> dict:
    return {group: (str(one.cost.normalize()), one.calls) for group, one in found.items()}


@pytest.fixture
def two_days(django_user_model) -> tuple:
    ada, bob = (django_user_model.objects.create_user(name) for name in ("ada", "bob"))
    call(cost="0.5", user=ada, at=MONDAY, purpose="article-generation section-1")
    call(
        cost="0.25", user=ada, at=TUESDAY.replace(hour=23), purpose="stories score", provider="groq", model_asked="a/b"
    )
    call(cost="2", user=bob, at=TUESDAY, purpose="article-generation section-2")
    call(outcome="timeout", user=bob, at=TUESDAY, purpose="article-generation section-2")
    call(cost="0.125", at=TUESDAY, purpose="blog")
    call(cost="99", user=bob, at=datetime(2026, 11, 1, 23, 59, tzinfo=UTC), purpose="blog")
    return ada, bob


def test_spend_is_added_up_by_user(two_days):
    ada, bob = two_days
    assert costs(spend_by_user(since=MONDAY)) == {bob.pk: ("2", 2), ada.pk: ("0.75", 2), None: ("0.125", 1)}
    assert costs(spend_by_user(since=MONDAY, until=TUESDAY)) == {ada.pk: ("0.5", 1)}


def test_spend_is_added_up_by_queue(two_days):
    ada, _ = two_days
    whole = {"article-generation": ("2.5", 3), "stories": ("0.25", 1), "blog": ("0.125", 1)}
    assert costs(spend_by_queue(since=MONDAY)) == whole
    assert costs(spend_by_queue(since=MONDAY, user=ada)) == {"article-generation": ("0.5", 1), "stories": ("0.25", 1)}


def test_spend_is_added_up_by_model(two_days):
    found = costs(spend_by_model(since=MONDAY))
    assert list(found.items()) == [("openai/m", ("2.625", 4)), ("groq/a/b", ("0.25", 1))]


def test_spend_is_added_up_by_day(two_days):
    found = costs(spend_by_day(since=MONDAY))
    assert list(found.items()) == [(date(2026, 11, 2), ("0.5", 1)), (date(2026, 11, 3), ("2.375", 4))]


@pytest.mark.parametrize("selector", [spend_by_user, spend_by_queue, spend_by_model, spend_by_day])
def test_each_is_one_query_however_much_there_is(two_days, selector, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(selector(since=MONDAY)) >= 2


def test_the_median_cost_is_of_whole_jobs_that_were_answered():
    twice, unpriced = uuid.uuid4(), uuid.uuid4()
    for job, cost in ((uuid.uuid4(), "0.01"), (twice, "0.01"), (twice, "0.04"), (uuid.uuid4(), "0.2")):
        call(job, cost=cost, tokens=(1, 1), purpose="blog post")
    call(uuid.uuid4(), cost="9", tokens=(1, 1), purpose="blog post", outcome="refusal")
    call(unpriced, tokens=(1, 1), purpose="blog post")
    call(uuid.uuid4(), cost="8", tokens=(1, 1), purpose="stories enhance")
    assert median_cost("blog post", provider="openai", model="m") == Decimal("0.05")
    assert median_cost("blog post", provider="openai", model="other") is None
