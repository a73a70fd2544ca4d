"""What staff (ALERT_EMAILS) are told by mail; written like the mails to customers."""

import datetime

from orders.letters import digest, to_staff
from orders.models import Mail, Order, Refund, Review
from queues import clock

MOST_ALERTS = 20  # in an hour: when a provider is away, one list is better than three hundred mails
HOUR = datetime.timedelta(hours=1)


def staff_new_review(order: Order, review: Review) -> list[Mail]:
    """A version waits for an editor."""
    return to_staff(order, "staff_new_review", about=str(review.pk), version=review.version, review=review)


def refund_failed(order: Order, refund: Refund) -> list[Mail]:
    """Money that should have gone back did not."""
    return to_staff(order, "refund_failed", about=f"{refund.pk}:{refund.status}", refund=refund)


def staff_alert(order: Order, reason: str) -> list[Mail]:
    """The order came on the list of those that need attention. Beyond MOST_ALERTS in an hour nothing is written."""
    recent = Mail.objects.filter(kind="staff_alert", created_at__gt=clock.now() - HOUR).values("order").distinct()
    if recent.count() >= MOST_ALERTS:
        return []
    return to_staff(order, "staff_alert", about=digest(reason), reason=reason)
