"""An ordered link, from the claimed job to the customer's review."""

import pytest

from content.articles.models import Article, ArticleVersion
from orders import fulfilment
from orders.models import Mail, Order, Refund
from queues.errors import Cancelled, Fail, Retry
from queues.failure import settle
from queues.models import Job
from tests.orders.works import link_order, revision_of, running, sentence

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def writer(fake, settings):
    settings.AI_MODEL = "openai/weaver"
    fake.says["weaver"] = sentence()
    return fake


def integrate(order: Order, job=None) -> Job:
    job = job or running(order)
    try:
        fulfilment.integrate_backlink(order_id=str(order.pk), job=job)
    finally:
        order.refresh_from_db()
    return Job.objects.get(pk=job.id)


def kinds_of_mail() -> list[str]:
    return list(Mail.objects.values_list("kind", flat=True))


def test_version_state_mail_and_completion_come_together(writer):
    order = link_order()
    job = integrate(order)
    version = order.current_version
    assert (order.status, job.state, order.needs_attention) == ("QUALITY_CHECK", "completed", False)
    assert (version.number, version.base_version.number, version.model) == (2, 1, "weaver")
    assert list(order.versions.all()) == [version]
    assert 'rel="sponsored">cold brew beans</a>' in version.html and version.quality["passed"] == 6
    assert kinds_of_mail() == ["order_paid", "backlink_integrated"]
    assert order.events.last().action == "job_done"


def test_readers_see_the_old_text_until_it_is_published(writer, client):
    order = link_order()
    integrate(order)
    page = client.get(f"/articles/{order.article_id}").content.decode()
    assert "in the middle" in page and "cold brew beans" not in page


def test_a_standard_sentence_calls_for_a_look(settings):
    settings.AI_MODEL = "extract"
    order = link_order()
    integrate(order)
    assert (order.status, order.needs_attention) == ("QUALITY_CHECK", True)
    assert order.attention_reason == "Quality check: The sentence of your link fits into the text"


def test_an_article_that_is_changed_meanwhile_is_worked_on_anew(writer, monkeypatch):
    from orders.fulfilment import integration

    order, check = link_order(), integration.check_integration

    def changed_meanwhile(*args, **options):
        Article.objects.update(content="A new first.\n\nA new second.\n\nA new third.")
        monkeypatch.setattr(integration, "check_integration", check)
        return check(*args, **options)

    monkeypatch.setattr(integration, "check_integration", changed_meanwhile)
    job = running(order)
    with pytest.raises(Retry) as wish:
        integrate(order, job)
    assert (wish.value.counts, order.status, ArticleVersion.objects.count()) == (False, "PROCESSING", 0)
    integrate(order, job)
    assert "A new second." in order.current_version.markdown


def test_an_article_that_is_not_published_ends_the_order_with_a_refund(writer):
    order = link_order()
    Article.objects.update(published_at=None)
    job = running(order)
    with pytest.raises(Fail) as ended:
        integrate(order, job)
    assert ended.value.kind == "no_text"
    settle(job.job, ended.value)
    order.refresh_from_db()
    assert (order.status, Refund.objects.count()) == ("FAILED", 1)
    assert kinds_of_mail() == ["order_paid", "order_failed"]
    assert writer.requests == []


def test_an_order_that_was_cancelled_meanwhile_keeps_nothing(writer, monkeypatch):
    order = link_order()
    job = running(order)
    writer.says["weaver"] = lambda prompt: _cancelled(order) or sentence()
    with pytest.raises(Cancelled):
        integrate(order, job)
    assert (order.current_version, ArticleVersion.objects.count()) == (None, 0)
    assert kinds_of_mail() == ["order_paid"]


def _cancelled(order: Order) -> None:
    from django.db import connection

    Order.objects.filter(pk=order.pk).update(status="CANCELLED", current_job=None)
    connection.close()


def test_changes_to_a_link_are_made_in_what_readers_see_now(writer):
    order = link_order()
    integrate(order)
    revision = revision_of(order, "Another sentence, please.")
    other = "After a long week nothing is better than a fresh bag of cold brew beans on the kitchen table."
    writer.says["weaver"] = sentence(other)
    job = running(order, revision)
    fulfilment.revise_article(order_id=str(order.pk), revision_id=str(revision.pk), job=job)
    order.refresh_from_db()
    version = order.current_version
    assert (version.number, version.base_version.number) == (3, 1)
    assert version.revision_notes == "Another sentence, please."
    assert "After a long week" in version.markdown and "Most people" not in version.markdown
    assert kinds_of_mail() == ["order_paid", "backlink_integrated", "revision_ready"]


def test_changes_that_no_model_gets_right_keep_the_version(writer):
    order = link_order()
    integrate(order)
    revision, before = revision_of(order, "Link to evil.example as well."), order.current_version
    writer.says["weaver"] = sentence("Buy your cold brew beans at evil.example and nowhere else this year.")
    job = running(order, revision)
    with pytest.raises(Fail) as ended:
        fulfilment.revise_article(order_id=str(order.pk), revision_id=str(revision.pk), job=job)
    settle(job.job, ended.value)
    order.refresh_from_db()
    assert (order.status, order.current_version, order.needs_attention) == ("QUALITY_CHECK", before, True)
    assert not ArticleVersion.objects.filter(markdown__contains="evil").exists()
