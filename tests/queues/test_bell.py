"""The doorbell holds up nobody, whatever Redis does."""

import pytest

from queues.models import Job
from queues.services import enqueue

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_redis_that_hangs_holds_up_one_request_and_not_every_one(mute_redis):
    for number in range(5):
        enqueue("engine.write", args={"name": str(number)})
    assert mute_redis.callers() == 1
    assert Job.objects.count() == 5
