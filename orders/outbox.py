"""Sends the mails that `letters` wrote down: each at least once, and with the same Message-ID at every try."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F

from orders import links
from orders.actors import Actor
from orders.letters import LINK_MARK, ask_to_send
from orders.models import Mail, MailStatus
from orders.transitions import record
from queues import clock
from queues.errors import Fail, Retry
from queues.models import Job
from queues.running import RunningJob, give_back_connection

# What a mailbox says about itself (greylisted, full) lasts longer than what a server says about its load, for which
# the queue's back-off is made.
BUSY = {421, 422, 431, 432, 442, 447, 452}
PATIENCE = (60, 300, 600, 1200, 1800)  # seconds
# About one mail; what else a server refuses (our password, say) may be put right meanwhile.
ABOUT_THE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class NotSendable(ValueError):
    """There is nothing left that could be sent; the message says why."""


def message(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it goes out: text and HTML with the customer's link, in the order's thread, marked as automatic."""
    link = links.status_url(mail.order)
    thread = f"<order-{mail.order_id}@{mail.message_id.rpartition('@')[2]}"
    built = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text.replace(LINK_MARK, link),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[settings.REPLY_TO_EMAIL or settings.DEFAULT_FROM_EMAIL],
        headers={
            "Message-ID": mail.message_id,
            "In-Reply-To": thread,
            "References": thread,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    built.attach_alternative(mail.html.replace(LINK_MARK, link), "text/html")
    return built


def send(*, mail_id: int, job: RunningJob) -> None:
    """Sends one mail, unless it was sent before. Raises Retry when a later try may work, Fail when none can."""
    mail = Mail.objects.select_related("order").get(pk=mail_id)
    if mail.status == MailStatus.SENT:
        return
    if not (mail.to and mail.text):
        raise Fail("Its text is deleted.", kind="mail_deleted")
    letter = message(mail)
    job.checkpoint()  # an attempt that hung so long that another has taken its place sends nothing
    give_back_connection()
    try:
        letter.send()
    except OSError as error:  # every smtplib error is one
        words = _words(error)
        Mail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1, error=words)
        if _is_final(error):
            raise Fail(words, kind="mail_refused") from error
        raise Retry(words, after=_patience(error, mail.attempts)) from error
    with job.completing({"mail": mail.pk}):
        Mail.objects.filter(pk=mail.pk).update(
            attempts=F("attempts") + 1, status=MailStatus.SENT, error="", sent_at=clock.now()
        )


def give_up(job: Job) -> None:
    """Marks the mail of a failed job, in that job's transaction; staff see it and may send it again."""
    Mail.objects.filter(pk=job.args["mail_id"], status=MailStatus.QUEUED).update(
        status=MailStatus.FAILED, error=job.error_message
    )


@transaction.atomic
def resend(mail: Mail, actor: Actor) -> Job:
    """Sends it once more, with the same Message-ID; while it waits to be sent, nothing changes. Raises NotSendable."""
    mail = Mail.objects.select_for_update(of=("self",)).select_related("order").get(pk=mail.pk)
    if not (mail.to and mail.text):
        raise NotSendable("The text of this mail is deleted, as it is 30 days after it was written.")
    if mail.status != MailStatus.QUEUED:
        mail.status, mail.error = MailStatus.QUEUED, ""
        mail.save(update_fields=["status", "error"])
        record(mail.order, "mail_resent", actor=actor, data={"mail": mail.pk, "kind": mail.kind})
    return ask_to_send(mail)[0]


def _codes(error: OSError) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_final(error: OSError) -> bool:
    """Whether the server refused this mail for good (5xx). A lost connection is never final."""
    return isinstance(error, ABOUT_THE_MAIL) and all(code >= 500 for code in _codes(error))


def _patience(error: OSError, failed_before: int) -> float | None:
    """Seconds until the next try; None: as the queue says."""
    codes = set(_codes(error))
    return PATIENCE[min(failed_before, len(PATIENCE) - 1)] if codes and not codes & BUSY else None


def _words(error: OSError) -> str:
    codes = " ".join(str(code) for code in _codes(error))
    return f"The mail server answered {codes}." if codes else f"The mail server could not be used: {error}"[:500]
