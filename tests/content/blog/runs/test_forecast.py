"""What a run would write, cost and take, told before it starts."""

import datetime
from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils import timezone

from aiproviders.models import AICall, LanguageModel
from content.blog.models import Post, Run
from content.blog.runs.forecast import PURPOSE, cost_per_post, forecast, seconds_for
from content.blog.runs.kinds import WRITE
from queues.models import Job, Queue
from queues.states import JobState
from tests.content.blog.runs.builders import done, handed_over, started

pytestmark = pytest.mark.django_db


def wish(**wanted) -> Run:
    return Run(**{"ai_model": "template", "count": 5} | wanted)


def called(cost: str | None, *, job=None, model: str = "gpt-test", outcome: str = "ok") -> None:
    AICall.objects.create(
        provider="openai",
        model_asked=model,
        job_id=job or uuid4(),
        purpose=PURPOSE,
        outcome=outcome,
        output_tokens=700,
        milliseconds=9,
        cost=None if cost is None else Decimal(cost),
        prices_version="1",
    )


def ended(seconds: float) -> None:
    start = timezone.now()
    finish = start + datetime.timedelta(seconds=seconds)
    Job.objects.create(kind=WRITE, queue="blog", state=JobState.COMPLETED, started_at=start, finished_at=finish)


@pytest.mark.django_db(transaction=True)
def test_titles_with_a_post_and_those_in_work_are_counted_apart_and_nothing_is_asked_for(ada, bob):
    done(started(ada, count=3))
    handed_over(started(bob, count=2))
    before = Job.objects.count()
    found = forecast(wish(count=5))
    assert (found.posts, found.posted, found.taken, found.cost) == (5, 3, 2, 0)
    assert (Job.objects.count(), Post.objects.count(), Run.objects.count()) == (before, 3, 2)


def test_a_short_listing_gives_fewer_posts():
    found = forecast(wish(count=50, genres=["Western"], min_rating=7.5, year_from=1990))
    assert 0 < found.posts < 50 and not found.trouble


def test_the_time_is_what_the_rate_limit_allows_when_posts_are_quick():
    ended(3)
    assert seconds_for(1) == 3
    assert seconds_for(50) == 3 + 4 * 60  # ten starts a minute


def test_the_time_is_what_two_at_once_take_when_posts_are_slow():
    ended(60)
    assert seconds_for(20) == 60 * 10


def test_the_time_has_a_guess_before_the_first_post_and_counts_the_line():
    assert seconds_for(2) == 20
    Queue.objects.update_or_create(name="blog", defaults={"rate_max": 1000, "rate_window": 1})
    for _ in range(10):
        Job.objects.create(kind=WRITE, queue="blog", state=JobState.WAITING)
    assert seconds_for(2) == 20 * 6


def test_the_cost_is_the_median_of_the_last_posts_by_this_model_all_calls_of_a_post_together():
    twice = uuid4()
    called("0.01"), called("0.01", job=twice), called("0.02", job=twice), called("0.09")
    called("5", model="another"), called("7", outcome="timeout")
    assert cost_per_post(wish(ai_model="openai/gpt-test")) == Decimal("0.03")


def test_the_cost_is_the_list_price_before_the_first_post_and_unknown_without_one():
    LanguageModel.objects.create(provider="openai", model="gpt-test", label="x", input_price=1, output_price=10)
    assert cost_per_post(wish(ai_model="openai/gpt-test")) == Decimal("0.0102")
    assert cost_per_post(wish(ai_model="openai/gpt-other")) is None
    called(None, model="gpt-other")
    assert cost_per_post(wish(ai_model="openai/gpt-other")) is None
    assert forecast(wish(ai_model="openai/gpt-other")).cost is None


def test_what_is_free_costs_nothing():
    assert cost_per_post(wish(ai_model="local/copydesk-local")) == 0
