"""From a claimed job to an article that waits for its customer, or to an order that ends well without one."""

import pytest
from django.db import transaction

from content.articles.models import Domain
from content.articles.quality.check import RULES
from orders import fulfilment
from orders.actors import SYSTEM
from orders.fulfilment import generation
from orders.models import Mail, Order, Refund
from orders.states import CancelReason
from orders.transitions import transition
from queues.errors import Cancelled, Fail, Retry, Superseded
from queues.failure import settle
from queues.models import Job
from queues.running import RunningJob
from tests.content.articles.test_live import make_article, publish
from tests.factories import running_job
from tests.fakeprose import prose
from tests.orders.builders import make_paid_order, make_product
from tests.orders.works import article_order, paid, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def extract_writer(settings):
    settings.AI_MODEL = "extract"


@pytest.fixture
def order() -> Order:
    return make_paid_order()


def attempt(order: Order) -> RunningJob:
    return running_job("orders.generate_article", {"order_id": str(order.pk)}, dedupe_key=f"order:{order.pk}")


def generate(order: Order, job: RunningJob) -> None:
    try:
        fulfilment.generate_article(order_id=str(order.pk), job=job)
    finally:
        order.refresh_from_db()


def cancel(order: Order) -> None:
    with transaction.atomic():
        transition(order_id=order.pk, action="cancel", actor=SYSTEM, current_job=None, cancel_reason=CancelReason.STAFF)


def kinds_of_mail() -> list[str]:
    return list(Mail.objects.values_list("kind", flat=True))


def test_the_article_the_state_the_mail_and_the_completion_come_together(order):
    generate(order, attempt(order))
    version = order.current_version
    assert order.status == "QUALITY_CHECK"
    assert (version.number, version.article) == (1, order.article)
    assert version.word_count > 0 and version.html
    assert version.backlink == {"targetUrl": order.target_url, "anchorText": order.anchor_text}
    assert kinds_of_mail() == ["order_paid", "article_ready"]
    job = Job.objects.get(pk=order.current_job)
    assert (job.state, job.result["order"]) == ("completed", order.code)
    event = order.events.get(action="job_done")
    assert (event.action, event.actor_kind, event.data) == ("job_done", "worker", {"job": str(job.pk)})


def test_an_order_that_waits_for_another_job_is_left_alone(order):
    stranger = running_job("orders.generate_article", {"order_id": str(order.pk)})
    with pytest.raises(Cancelled):
        generate(order, stranger)
    assert (order.status, order.current_version) == ("PROCESSING", None)


def test_an_order_cancelled_while_it_is_written_keeps_no_article(order, monkeypatch):
    job = attempt(order)
    check = generation.check_article

    def cancelled_meanwhile(draft, brief):
        cancel(order)
        return check(draft, brief)

    monkeypatch.setattr(generation, "check_article", cancelled_meanwhile)
    with pytest.raises(Cancelled) as ended:
        generate(order, job)
    assert (order.status, order.article, order.current_version) == ("CANCELLED", None, None)
    assert kinds_of_mail() == ["order_paid"]
    settle(job.job, ended.value)
    assert Job.objects.get(pk=job.id).state == "cancelled"
    assert not Refund.objects.exists()


def test_a_job_that_was_done_does_nothing_again(order):
    job = attempt(order)
    generate(order, job)
    with pytest.raises(Cancelled):
        generate(order, job)
    assert order.article.versions.count() == 1
    assert kinds_of_mail() == ["order_paid", "article_ready"]


def test_two_attempts_that_write_at_once_save_one_version(order, monkeypatch):
    lost, check = attempt(order), generation.check_article

    def overtaken(draft, brief):
        monkeypatch.setattr(generation, "check_article", check)
        Job.objects.filter(pk=lost.id).update(state="waiting")  # as the rescue does when a lease has run out
        generate(order, attempt(order))
        return check(draft, brief)

    monkeypatch.setattr(generation, "check_article", overtaken)
    with pytest.raises(Superseded):
        generate(order, lost)
    assert order.article.versions.count() == 1
    assert kinds_of_mail() == ["order_paid", "article_ready"]
    assert Job.objects.get(pk=order.current_job).state == "completed"


def test_a_job_that_failed_for_good_ends_the_order_with_a_refund(order):
    job = attempt(order)
    settle(job.job, Fail("No provider answers.", kind="provider_down"))
    order.refresh_from_db()
    refund = Refund.objects.get()
    assert Job.objects.get(pk=job.id).state == "failed"
    assert (order.status, order.needs_attention) == ("FAILED", True)
    assert (refund.reason, refund.amount, refund.payment.order) == ("order_failed", 4900, order)
    assert kinds_of_mail() == ["order_paid", "order_failed"]
    event = order.events.get(action="job_failed")
    assert event.note == "provider_down: No provider answers."


def test_a_first_failure_is_only_a_delay(order):
    job = attempt(order)
    settle(job.job, Retry("busy"))
    order.refresh_from_db()
    assert order.status == "PROCESSING"
    assert not Refund.objects.exists()
    assert Job.objects.get(pk=job.id).state == "delayed"


def test_a_failed_job_of_a_cancelled_order_changes_nothing(order):
    job = attempt(order)
    cancel(order)
    settle(job.job, Fail("No provider answers."))
    order.refresh_from_db()
    assert Job.objects.get(pk=job.id).state == "failed"
    assert order.status == "CANCELLED"
    assert not Refund.objects.exists()
    assert kinds_of_mail() == ["order_paid"]


def test_a_first_text_that_fails_the_check_reaches_the_customer_with_its_report_and_the_editors_list(fake, settings):
    settings.AI_MODEL = "openai/short"
    fake.says["short"] = lambda prompt: prose(prompt.partition(" that ")[2][:40], 24)
    order = article_order()
    generate(order, running(order))
    assert (order.status, order.needs_attention) == ("QUALITY_CHECK", True)
    assert order.attention_reason == "Quality check: As long as ordered"
    rules = order.current_version.quality["rules"]
    assert [rule["name"] for rule in rules if rule["severity"] == "block" and not rule["ok"]] == ["length"]
    assert kinds_of_mail() == ["order_paid", "article_ready"]


def test_a_good_text_calls_nobody(fake, settings):
    settings.AI_MODEL = "openai/ok"
    order = paid(product=make_product(slug="longer", words=400))
    generate(order, running(order))
    assert (order.current_version.quality["passed"], order.needs_attention) == (len(RULES), False)


def test_the_model_that_staff_chose_for_the_next_try_writes(fake, settings):
    settings.AI_MODEL = "openai/short"
    order = paid(product=make_product(slug="longer", words=400))
    Order.objects.filter(pk=order.pk).update(writer_model="openai/ok")
    generate(order, running(order))
    assert (order.current_version.model, {request["model"] for request in fake.requests}) == ("ok", {"ok"})


def test_a_demo_text_is_delivered_as_such_and_a_person_is_called(fake, settings):
    settings.AI_MODEL, settings.LOCAL_LLM_URL = "local", fake.url
    order = article_order()
    generate(order, running(order))
    assert (order.status, order.current_version.is_demo, order.needs_attention) == ("QUALITY_CHECK", True, True)


def test_the_article_belongs_to_the_orders_domain_and_links_to_its_articles(fake, settings):
    settings.AI_MODEL = "openai/ok"
    blog = Domain.objects.create(host="blog.example.com", name="Blog")
    old = publish(make_article("Cold brew coffee facts", domain=blog))
    fake.says["ok"] = lambda prompt: "Read Cold brew coffee facts before you begin with it. " + prose(prompt, 40)
    order = article_order()
    Order.objects.filter(pk=order.pk).update(domain=blog)
    generate(order, running(order))
    assert order.article.domain == blog
    assert f'<a href="{old.public_url}">Cold brew coffee facts</a>' in order.current_version.html
    assert any("- Cold brew coffee facts" in str(request["body"]) for request in fake.requests)
    assert next(rule for rule in order.current_version.quality["rules"] if rule["name"] == "other_links")["ok"]


def test_the_audit_trail_names_each_job_once(order):
    job = attempt(order)
    generate(order, job)
    assert [event.data["job"] for event in order.events.filter(action="job_started")] == [str(job.id)]
