"""What the engine says by itself: a line per queue, this process's memory, a mail about new dead letters."""

import datetime
import logging

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse

from queues import clock, dead_letters, leases, stats
from queues.models import Duty, Job, Worker

SECONDS = 30
LOGGED_STATES = ("waiting", "delayed", "active", "failed")
HOUR = datetime.timedelta(hours=1)
logger = logging.getLogger(__name__)


def report() -> None:
    """Log the queues and mail about dead letters, in one process of all that ask at about the same time."""
    if Duty.take("report", datetime.timedelta(seconds=SECONDS - 1)):
        log_queues()
        if settings.ALERT_EMAILS:
            mail_dead_letters()


def log_queues() -> None:
    """One line per queue in which something waits, runs or has failed."""
    for entry in stats.all_queues():
        if any(entry.counts[state] for state in LOGGED_STATES):
            counts = ", ".join(f"{entry.counts[state]} {state}" for state in LOGGED_STATES)
            logger.info("Queue %s: %s, oldest waits %.0f s", entry.name, counts, entry.oldest_waiting or 0)


def log_memory(node: str) -> None:
    """Log this process's resident memory as its last heartbeat found it."""
    for worker in Worker.objects.filter(pk=leases.identity(node)):
        logger.info("Worker %s: %.0f MB, %d of %d slots busy", node, worker.rss / 1e6, worker.busy, worker.slots)


def mail_dead_letters() -> None:
    """Tell ALERT_EMAILS what failed within the last hour: at most one mail per cause and hour, whoever calls this."""
    fresh = {}
    for group in dead_letters.groups(Job.objects.filter(finished_at__gt=clock.now() - HOUR)):
        duty = f"alert:{group.kind}:{group.error_kind}:{group.cause}"
        if Duty.take(duty, HOUR):
            fresh[duty] = f"{group.count} x {group.kind}: {group.error_kind}: {group.cause}"
    if not fresh:
        return
    body = "These jobs have used up their attempts within the last hour:\n\n{}\n\nLook and retry: {}{}\n"
    body = body.format("\n".join(fresh.values()), settings.PUBLIC_URL, reverse("admin:queues_dead_letters"))
    try:
        send_mail("Copydesk: jobs have failed", body, None, settings.ALERT_EMAILS)
    except OSError as error:  # as SMTPException is
        logger.warning("Alert not sent, tried again soon: %s", type(error).__name__)
        Duty.objects.filter(pk__in=fresh).delete()
