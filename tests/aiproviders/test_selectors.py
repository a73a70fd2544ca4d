import uuid
from decimal import Decimal

import pytest

from aiproviders.models import AICall
from aiproviders.selectors import Spend, spend

pytestmark = pytest.mark.django_db


def call(job, *, cost=None, tokens=(None, None), outcome="ok") -> None:
    AICall.objects.create(
        provider="openai",
        model_asked="m",
        job_id=job,
        outcome=outcome,
        milliseconds=1,
        cost=cost,
        input_tokens=tokens[0],
        output_tokens=tokens[1],
        prices_version="1",
    )


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
