"""Sending, to a real SMTP server: once, and with the right reaction to every refusal."""

import smtplib
from email import message_from_bytes
from email.policy import default

import pytest
from django.db import connection

from orders import links, outbox
from orders.actors import Actor
from orders.letters import LINK_MARK
from orders.models import Mail, MailStatus
from queues.errors import Fail, Retry, Superseded
from queues.failure import settle
from queues.models import Job
from tests.factories import running_job
from tests.orders import smtp_server
from tests.orders.builders import make_paid_order

pytestmark = pytest.mark.django_db(transaction=True)
STAFF = Actor("staff", "7")


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


@pytest.mark.parametrize(
    ("answer", "waits"), [("451 Greylisted", 60), ("450 Full", 60), ("421 Busy", 10), ("452 Busy", 10)]
)
def test_a_mailbox_is_given_more_time_than_a_busy_server(mail, mailbox, answer, waits):
    mailbox.answer = answer
    job = attempt(mail)
    with pytest.raises(Retry) as refusal:
        outbox.send(mail_id=mail.pk, job=job)
    settle(job.job, refusal.value)
    row = Job.objects.get(kind="orders.send_mail")
    assert row.state == "delayed"
    assert round((row.run_at - row.events.last().at).total_seconds()) == pytest.approx(waits, abs=2)


def test_a_refusal_of_the_content_is_final_as_well(mail, mailbox):
    mailbox.data_answer = "554 Looks like spam"
    with pytest.raises(Fail, match="554"):
        send(mail)
    assert mailbox.received == []


@pytest.mark.parametrize(
    ("error", "is_final"),
    [
        (smtplib.SMTPAuthenticationError(535, b"Wrong password"), False),  # ours, and somebody will put it right
        (smtplib.SMTPSenderRefused(550, b"Who are you", "orders@copydesk.example"), True),
        (smtplib.SMTPRecipientsRefused({"ada@example.com": (450, b"Full")}), False),
        (smtplib.SMTPServerDisconnected("gone"), False),
        (TimeoutError("slow"), False),
    ],
)
def test_only_what_is_said_about_the_mail_is_final(error, is_final):
    assert outbox._is_final(error) is is_final


def test_answers_go_where_the_settings_say(mail, mailbox, settings):
    settings.REPLY_TO_EMAIL = "help@copydesk.example"
    send(mail)
    letter = message_from_bytes(mailbox.received[0].content, policy=default)
    assert letter["Reply-To"] == "help@copydesk.example"


def test_sending_again_is_the_same_message_once_and_noted(mail, mailbox):
    send(mail)
    job = outbox.resend(mail, STAFF)
    assert outbox.resend(mail, STAFF) == job
    send(mail)
    assert mailbox.ids() == [mail.message_id] * 2
    mail.refresh_from_db()
    assert (mail.status, mail.attempts) == (MailStatus.SENT, 2)
    assert mail.order.events.filter(action="mail_resent", actor_id="7").count() == 1


def test_a_mail_that_was_refused_can_be_sent_again(mail, mailbox):
    mailbox.answer = "550 No such user"
    job = attempt(mail)
    with pytest.raises(Fail) as refusal:
        outbox.send(mail_id=mail.pk, job=job)
    settle(job.job, refusal.value)
    mailbox.answer = "250 OK"
    outbox.resend(mail, STAFF)
    send(mail)
    mail.refresh_from_db()
    assert (mail.status, mail.error) == (MailStatus.SENT, "")


def test_a_mail_whose_text_is_deleted_is_not_sent(mail, mailbox):
    Mail.objects.update(text="", html="")
    mail.refresh_from_db()
    with pytest.raises(outbox.NotSendable, match="30 days"):
        outbox.resend(mail, STAFF)
    with pytest.raises(Fail, match="deleted"):
        send(mail)
    assert mailbox.received == []


def test_an_attempt_that_was_replaced_sends_nothing(mail, mailbox):
    job = attempt(mail)
    Job.objects.filter(pk=job.id).update(attempts_started=5)
    with pytest.raises(Superseded):
        outbox.send(mail_id=mail.pk, job=job)
    assert mailbox.received == []


def test_the_connection_is_given_back_while_the_server_is_asked(mail, mailbox, monkeypatch):
    held = []
    monkeypatch.setattr(outbox.EmailMultiAlternatives, "send", lambda self: held.append(connection.connection))
    send(mail)
    assert held == [None]
