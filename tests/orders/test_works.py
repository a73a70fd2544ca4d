"""What jobs of orders do in real workers, with a provider on loopback that counts what is asked."""

import datetime
import threading
from collections.abc import Callable

import pytest

from content.articles.models import ArticleVersion
from orders.models import Mail, Order
from queues import clock, kinds
from queues.models import Attempt, Job
from queues.states import JobState
from tests.fakeprose import prose
from tests.orders.works import REVISED, article_order, link_order, revision_of, sentence, waiting
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
SHORT = REVISED.partition(" Thin it with")[0]


class Gate:
    """Lets the answers of a model wait from the request `first` on, until it is opened."""

    def __init__(self, answer: Callable[[str], str], first: int):
        self.answer, self.first, self.opened, self.reached = answer, first, threading.Event(), threading.Event()
        self.count = 0

    def __call__(self, prompt: str) -> str:
        self.count += 1
        if self.count >= self.first:
            self.reached.set()
            self.opened.wait(60)
        return self.answer(prompt)


@pytest.fixture
def start(start_worker, fake):
    """Starts a worker whose model is the provider's "m"; `fallback` comes after it."""

    def begin(name: str = "one", *, fallback: str = ""):
        return start_worker(
            name, AI_MODEL="openai/m", OPENAI_BASE_URL=fake.url, OPENAI_API_KEY="sk-test", AI_FALLBACKS=fallback
        )

    return begin


def ended(job: Job) -> Job:
    wait_until(lambda: job.refresh_from_db() or job.state in (JobState.COMPLETED, JobState.FAILED), 60)
    return job


def mails(order: Order, kind: str) -> int:
    return Mail.objects.filter(order=order, kind=kind).count()


def answer(prompt: str) -> str:
    """What a good model says to each of the three kinds of work."""
    if "the whole article again" in prompt:
        return REVISED
    return sentence() if "one more sentence" in prompt else prose(prompt, 60)


def deliver(job: Job, times: int) -> None:
    """Put the message of the job's attempt on the wire again."""
    attempt = Attempt.objects.get(job=job)
    for _ in range(times):
        kinds.find(job.kind).apply_async(kwargs=job.args, task_id=str(attempt.pk), queue=job.queue)


def test_jobs_that_are_delivered_eight_times_make_one_version_and_one_mail_each(start, fake):
    article, link, revised = article_order(), link_order(), article_order()
    work = {
        "article_ready": (article, waiting(article), 1),
        "backlink_integrated": (link, waiting(link), 2),  # the text that was there is one
        "revision_ready": (revised, waiting(revised, revision_of(revised)), 2),
    }
    gate = fake.says["m"] = Gate(answer, 1)
    start()
    wait_until(lambda: gate.count == 3, 60)
    for _, job, _ in work.values():
        deliver(job, 7)
    gate.opened.set()
    for mail, (order, job, versions) in work.items():
        assert (ended(job).state, job.error_message) == (JobState.COMPLETED, "")
        deliver(job, 1)
        wait_until(lambda order=order, mail=mail: Mail.objects.filter(order=order, kind=mail, status="sent").exists())
        order.refresh_from_db()
        assert order.article.versions.count() == versions
        assert (mails(order, mail), Attempt.objects.filter(job=job).count()) == (1, 1)
    prompts = [str(request["body"]["messages"]) for request in fake.requests]
    # The two articles are alike, but only one of them is written.
    assert len(prompts) == len(set(prompts))


def killed_at(start, gate: Gate, job: Job) -> None:
    """Kill the worker while it waits for the gate's answer, and let another one finish."""
    first = start("one")
    assert gate.reached.wait(30)
    first.kill()
    gate.opened.set()
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - datetime.timedelta(seconds=1))
    start("two")
    assert ended(job).state == JobState.COMPLETED
    assert job.losses == 1


def test_a_worker_that_is_killed_in_the_middle_of_an_article_pays_for_one_section_again(start, fake):
    order = article_order()
    job = waiting(order)
    gate = fake.says["m"] = Gate(answer, 3)
    killed_at(start, gate, job)
    prompts = [str(request["body"]["messages"]) for request in fake.requests]
    assert len(prompts) - len(set(prompts)) == 1
    assert (ArticleVersion.objects.count(), mails(order, "article_ready")) == (1, 1)


def test_a_worker_that_is_killed_in_the_second_try_does_not_pay_for_the_first_again(start, fake):
    order = article_order()
    job = waiting(order, revision_of(order))
    gate = fake.says["m"] = Gate(lambda prompt: REVISED if "refused by our check" in prompt else SHORT, 2)
    killed_at(start, gate, job)
    tries = ["refused by our check" in str(request["body"]) for request in fake.requests]
    assert tries == [False, True, True]
    assert (ArticleVersion.objects.count(), mails(order, "revision_ready")) == (2, 1)


def test_three_failures_another_model_and_then_a_human(start, fake):
    order = article_order()
    job = waiting(order, revision_of(order))
    fake.says["m"] = fake.says["n"] = SHORT
    start(fallback="openai/n")
    assert ended(job).state == JobState.FAILED
    bodies = [str(request["body"]["messages"]) for request in fake.requests]
    assert [request["model"] for request in fake.requests] == ["m", "m", "m", "n"]
    assert ["As long as ordered" in body for body in bodies] == [False, True, True, True]
    order.refresh_from_db()
    assert (order.status, order.needs_attention, order.current_version.number) == ("QUALITY_CHECK", True, 1)
    wait_until(lambda: Mail.objects.filter(order=order, kind="revision_failed", status="sent").exists())
    assert mails(order, "revision_ready") == 0
