"""Sending, to a real SMTP server: once, and with the right reaction to every refusal."""

from email import message_from_bytes
from email.policy import default

import pytest

from orders import links, outbox
from orders.letters import LINK_MARK
from orders.models import Mail, MailStatus
from queues.errors import Fail, Retry
from queues.failure import settle
from queues.models import Job
from tests.factories import running_job
from tests.orders import smtp_server
from tests.orders.builders import make_paid_order

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings):
    mailbox = smtp_server.Mailbox()
    server = smtp_server.start(mailbox)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
    yield mailbox
    server.stop()


@pytest.fixture
def mail(mailbox) -> Mail:
    return make_paid_order(email="ada@example.com").mails.get()


def attempt(mail: Mail):
    return running_job("orders.send_mail", {"mail_id": mail.pk}, dedupe_key=f"mail:{mail.pk}")


def send(mail: Mail) -> None:
    outbox.send(mail_id=mail.pk, job=attempt(mail))


def test_a_mail_is_sent_with_its_job_completed_and_its_headers_set(mail, mailbox):
    send(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.error) == (MailStatus.SENT, 1, "")
    assert mail.sent_at is not None
    assert Job.objects.get(kind="orders.send_mail").state == "completed"
    envelope = mailbox.received[0]
    letter = message_from_bytes(envelope.content, policy=default)
    assert envelope.rcpt_tos == ["ada@example.com"]
    assert letter["Subject"] == mail.subject
    assert letter["Message-ID"] == mail.message_id
    assert letter["In-Reply-To"] == letter["References"] == f"<order-{mail.order_id}@copydesk.example>"
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert letter["Reply-To"] == letter["From"] == "Copydesk <orders@copydesk.example>"
    link = links.status_url(mail.order)
    for kind, body in (("plain", mail.text), ("html", mail.html)):
        content = letter.get_body((kind,)).get_content()
        assert content.splitlines() == body.replace(LINK_MARK, link).splitlines()
        assert link in content


def test_a_mail_that_was_sent_is_not_sent_again(mail, mailbox):
    job = attempt(mail)
    outbox.send(mail_id=mail.pk, job=job)
    outbox.send(mail_id=mail.pk, job=job)
    assert len(mailbox.received) == 1


def test_a_temporary_refusal_is_tried_again_later(mail, mailbox):
    mailbox.answer = "451 Try again"
    with pytest.raises(Retry, match="451"):
        send(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts, mail.error) == (MailStatus.QUEUED, 1, "The mail server answered 451.")
    mailbox.answer = "250 OK"
    send(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (MailStatus.SENT, 2)
    assert len(mailbox.received) == 1


def test_a_final_refusal_fails_the_job_and_the_mail(mail, mailbox):
    mailbox.answer = "550 No such user"
    job = attempt(mail)
    with pytest.raises(Fail, match="550") as refusal:
        outbox.send(mail_id=mail.pk, job=job)
    settle(job.job, refusal.value)
    mail.refresh_from_db()
    assert (mail.status, mail.error) == (MailStatus.FAILED, "The mail server answered 550.")
    assert Job.objects.get(kind="orders.send_mail").state == "failed"
    assert mailbox.received == []


def test_a_server_that_is_away_is_tried_again_later(mail, mailbox, settings):
    settings.EMAIL_PORT = 1
    with pytest.raises(Retry, match="could not be used"):
        send(mail)
    mail.refresh_from_db()
    assert mail.status == MailStatus.QUEUED


def test_a_server_that_takes_the_mail_and_drops_the_line_may_get_the_same_message_twice(mail, mailbox):
    mailbox.drops_the_line = True
    with pytest.raises(Retry):
        send(mail)
    mailbox.drops_the_line = False
    send(mail)
    ids = [message_from_bytes(envelope.content, policy=default)["Message-ID"] for envelope in mailbox.received]
    assert ids == [mail.message_id] * 2
