"""What is kept for a while only."""

import datetime

from orders.models import Mail, MailStatus, WebhookDelivery
from queues import clock

KEPT = datetime.timedelta(days=30)


def forget() -> dict[str, int]:
    """Deletes bodies of mails and the log of webhooks after 30 days; what still waits to be sent stays."""
    old = clock.now() - KEPT
    mails = Mail.objects.filter(created_at__lt=old).exclude(status=MailStatus.QUEUED).exclude(text="")
    deliveries = WebhookDelivery.objects.filter(created_at__lt=old).exclude(status="waiting")
    return {"mails": mails.update(text="", html=""), "webhooks": deliveries.delete()[0]}
