"""Every message: what it says, and that it is written once, with the change that it tells of."""

import pytest
from django.db import transaction

from content.articles.publishing import publish
from orders import emails, letters, links
from orders.models import Mail, Payment
from queues.models import Job
from tests.orders.builders import make_order, make_product, make_version
from tests.orders.works import revision_of

pytestmark = pytest.mark.django_db


def written(kind: str, **inputs) -> Mail:
    order = make_order(**inputs)
    if kind == "order_paid":
        return emails.order_paid(order.payments.get())[0]
    if kind == "payment_reminder":
        return emails.payment_reminder(order, [order])
    if kind == "order_failed":
        return emails.order_failed(order, order.payments.get().refunds.create(reason="order_failed", amount=4900))
    if kind == "refunded":
        return emails.refunded(order, order.payments.get().refunds.create(reason="staff", amount=4900))
    order.current_version = make_version(order)
    if kind == "revision_failed":
        return emails.revision_failed(order, revision_of(order))
    return getattr(emails, kind)(order)


KINDS = {
    "order_paid": "We have your payment",
    "article_ready": "Your article is ready",
    "backlink_integrated": "Your link is in place",
    "revision_ready": "Your changes are made",
    "revision_failed": "We could not make your changes",
    "order_failed": "We could not write your article",
    "refunded": "We have sent your money back",
}


@pytest.mark.parametrize(("kind", "begins"), KINDS.items())
def test_each_message_says_what_happened_and_where_to_look(kind, begins):
    mail = written(kind)
    order = mail.order
    assert mail.subject == f"[TEST] {begins} - order {order.code}"
    assert (mail.kind, mail.to, mail.status) == (kind, "ada@example.com", "queued")
    for body in (mail.text, mail.html):
        assert letters.LINK_MARK in body and links.token_for(order.pk, order.link_version) not in body
        assert order.topic in body
        assert "{{" not in body and "{%" not in body
    assert mail.message_id.endswith("@copydesk.example>")


@pytest.mark.parametrize("kind", ["order_paid", "order_failed", "payment_reminder"])
def test_who_ordered_a_link_is_told_of_a_link_and_not_of_an_article(kind):
    link = make_product(slug="link", name="A link", kind="backlink", price=1900)
    place = publish(title="Coffee at home", content="The first.\n\nThe last.")
    mail = written(kind, product=link, article_id=place.pk, topic="")
    assert "Coffee at home" in mail.text
    assert "article" not in (mail.subject + mail.text + mail.html).lower()


@pytest.mark.parametrize("kind", ["order_paid", "order_failed", "refunded"])
def test_messages_about_money_name_the_amount(kind):
    mail = written(kind)
    assert "$49.00" in mail.text and "$49.00" in mail.html


@pytest.mark.parametrize("kind", KINDS)
def test_customers_words_are_escaped_in_html_and_plain_in_text(kind):
    mail = written(kind, topic="Fish & <script>chips</script>")
    assert "Fish & <script>chips</script>" in mail.text
    assert "<script>" not in mail.html and "Fish &amp; &lt;script&gt;" in mail.html


@pytest.mark.parametrize(("generator", "words"), [("ai", "demonstration model"), ("extract", "automatic extract")])
def test_an_article_of_the_built_in_writers_is_called_what_it_is(generator, words):
    order = make_order()
    order.current_version = make_version(order, is_demo=True)
    order.current_version.generator = generator
    mail = emails.article_ready(order)
    assert words in mail.text and words in mail.html


def test_the_same_message_about_the_same_thing_is_written_once():
    order = make_order()
    payment: Payment = order.payments.get()
    assert emails.order_paid(payment) == emails.order_paid(payment)
    assert Mail.objects.count() == 1
    assert Job.objects.get().args == {"mail_id": Mail.objects.get().pk}
    both = emails.order_paid(make_order(email="bea@example.com").payments.get(), payment)
    assert [mail.to for mail in both] == ["bea@example.com", "ada@example.com"]
    assert Mail.objects.count() == Job.objects.count() == 2


def test_a_change_that_is_rolled_back_sends_no_mail():
    order = make_order()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        emails.order_failed(order, None)
        raise ZeroDivisionError
    assert not Mail.objects.exists()
    assert not Job.objects.exists()
