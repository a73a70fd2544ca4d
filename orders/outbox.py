"""Sends the mails that `emails` wrote down: each at least once, and with the same Message-ID at every try."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from orders import links
from orders.emails import LINK_MARK
from orders.models import Mail, MailStatus
from queues.errors import Fail, Retry
from queues.models import Job
from queues.running import RunningJob


def message(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it goes out: text and HTML with the customer's link, in the order's thread, marked as automatic."""
    link = links.status_url(mail.order)
    thread = f"<order-{mail.order_id}@{mail.message_id.rpartition('@')[2]}"
    built = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text.replace(LINK_MARK, link),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[settings.DEFAULT_FROM_EMAIL],
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
    mail.attempts += 1
    try:
        message(mail).send()
    except OSError as error:  # every smtplib error is one
        mail.error = _words(error)
        mail.save(update_fields=["attempts", "error"])
        if _is_final(error):
            raise Fail(mail.error, kind="mail_refused") from error
        raise Retry(mail.error) from error
    with job.completing({"mail": mail.pk}):
        mail.status, mail.error, mail.sent_at = MailStatus.SENT, "", timezone.now()
        mail.save(update_fields=["attempts", "status", "error", "sent_at"])


def give_up(job: Job) -> None:
    """Marks the mail of a failed job, in that job's transaction; staff see it and may retry the job."""
    Mail.objects.filter(pk=job.args["mail_id"], status=MailStatus.QUEUED).update(
        status=MailStatus.FAILED, error=job.error_message
    )


def _codes(error: OSError) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _is_final(error: OSError) -> bool:
    """Whether the server refused for good (5xx). A lost connection is never final."""
    codes = _codes(error)
    return bool(codes) and all(code >= 500 for code in codes)


def _words(error: OSError) -> str:
    codes = " ".join(str(code) for code in _codes(error))
    return f"The mail server answered {codes}." if codes else f"The mail server could not be used: {error}"[:500]
