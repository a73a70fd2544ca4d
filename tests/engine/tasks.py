"""Kinds of jobs that do one thing each."""

import time
from pathlib import Path

from aiproviders.base import Prompt
from aiproviders.services import complete
from queues.errors import Fail, Retry, Snooze
from queues.kinds import job


def _exhausted(job) -> None:
    from tests.engine.models import Effect

    Effect.objects.create(name=f"exhausted:{job.args['name']}")


def _write(name: str) -> None:
    from tests.engine.models import Effect

    Effect.objects.create(name=name)


@job(queue="default", name="engine.write")
def write(job, *, name):
    with job.completing({"name": name}):
        _write(name)


@job(queue="commentary", name="engine.limited")
def limited(job, *, name):
    with job.completing():
        _write(name)


@job(queue="default", name="engine.wait")
def wait(job, *, name, seconds):
    """Runs for `seconds`, in steps, so that it can be killed, cancelled or given back half-way."""
    for part in range(int(seconds * 10)):
        job.progress(part, int(seconds * 10), "waiting")
        time.sleep(0.1)
    with job.completing():
        _write(name)


@job(queue="default", name="engine.hold")
def hold(job, *, name, seconds):
    """Runs for `seconds` without touching the database, as a model call does."""
    time.sleep(seconds)
    with job.completing():
        _write(name)


@job(queue="default", name="engine.hold_until")
def hold_until(job, *, name, gate):
    """Runs until the file `gate` is there, without touching the database."""
    while not Path(gate).exists():
        time.sleep(0.05)
    with job.completing():
        _write(name)


@job(queue="commentary", name="engine.hang")
def hang(job, *, name, seconds):
    """Like hold, in a queue of its own."""
    time.sleep(seconds)
    with job.completing():
        _write(name)


@job(queue="default", name="engine.fail", on_exhausted=_exhausted)
def fail(job, *, name):
    raise ValueError(f"broken {name}")


@job(queue="default", name="engine.fail_for_good", on_exhausted=_exhausted)
def fail_for_good(job, *, name):
    raise Fail("no way", kind="hopeless")


@job(queue="default", name="engine.retry_once")
def retry_once(job, *, name, after):
    if job.job.attempts_started == 1:
        raise Retry("busy", after=after)
    with job.completing():
        _write(name)


@job(queue="default", name="engine.snooze_once")
def snooze_once(job, *, name):
    if job.job.attempts_started == 1:
        raise Snooze(0.1)
    with job.completing():
        _write(name)


@job(queue="default", name="engine.two_steps")
def two_steps(job, *, name):
    """Step one has an effect; the first attempt breaks after it."""
    job.step("one", lambda: _write(f"step:{name}") or {"made": name})
    if job.job.attempts_started == 1:
        raise Retry("broken after step one", after=0)
    with job.completing():
        _write(name)


@job(queue="default", name="engine.ask", on_exhausted=_exhausted)
def ask(job, *, name, model, fallbacks=(), user_id=None):
    """Asks a language model, as `user_id` or as the house."""
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.get(pk=user_id) if user_id else None
    prompt = Prompt(system="You write plainly.", text="Write about 60 words.")
    complete(prompt, model=model, fallbacks=fallbacks, user=user, job_id=job.id, purpose="engine", demo_allowed=True)
    with job.completing():
        _write(name)


def _all_done(parent) -> None:
    _write(f"done:{parent.args['name']}:{parent.state}")


@job(queue="default", name="engine.batch", on_children_done=_all_done)
def batch(job, *, name, count, seconds=0):
    """Hands over to `count` children, each of which writes one effect or holds for `seconds`."""
    from queues.services import enqueue

    with job.handing_over():
        for number in range(count):
            kind, args = "engine.write", {"name": f"{name}-{number}"}
            if seconds:
                kind, args = "engine.wait", args | {"seconds": seconds}
            enqueue(kind, args=args, parent=job.job)
