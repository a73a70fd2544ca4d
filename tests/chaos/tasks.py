"""Kinds of jobs that accidents like: paid steps, and a queue that is narrow."""

import time

from queues.errors import Retry
from queues.kinds import job
from queues.running import RunningJob, give_back_connection
from tests.engine.models import Effect


def paid(step: str, job: RunningJob, seconds: float) -> dict:
    """A call that costs money: it is counted when it is made, and takes its time to answer."""
    name = f"call:{job.job.args['name']}:{step}:{job.job.attempts_started}"
    Effect.objects.create(name=name)
    give_back_connection()
    time.sleep(seconds)
    return {"answer": name}


@job(queue="default", name="chaos.two_steps")
def two_steps(job, *, name, seconds, breaks):
    """Pays for two steps; if it `breaks`, the first attempt ends between them."""
    job.step("one", lambda: paid("one", job, seconds))
    if breaks and job.job.attempts_started == 1:
        raise Retry("broken between the steps", after=0.2)
    job.step("two", lambda: paid("two", job, seconds))
    with job.completing():
        Effect.objects.create(name=name)


@job(queue="stories", name="chaos.narrow")
def narrow(job, *, name, seconds):
    """Runs in a queue of which only a few run at once."""
    time.sleep(seconds)
    with job.completing():
        Effect.objects.create(name=name)
