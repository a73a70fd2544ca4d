"""What staff (ALERT_EMAILS) are told by mail; written like the mails to customers."""

import datetime

from orders.letters import digest, to_staff, turn
from orders.models import Mail, Order, OrderEvent, Refund, Review
from queues import clock

MOST_ALERTS = 20  # in an hour: when a provider is away, one list is better than three hundred mails
HOUR = datetime.timedelta(hours=1)


def staff_new_review(order: Order, review: Review) -> list[Mail]:
    """A version waits for an editor."""
    return to_staff(order, "staff_new_review", about=str(review.pk), version=review.version, review=review)


def refund_failed(order: Order, refund: Refund, news: OrderEvent) -> list[Mail]:
    """Money that should have gone back did not, as `news` says; asked for again it may fail again."""
    return to_staff(order, "refund_failed", about=f"{refund.pk}:{news.pk}", refund=refund)


def staff_alert(order: Order, reason: str) -> list[Mail]:
    """The order came on the list of those that need attention: one mail for each reason, until the order's state
    changes or somebody has seen to it. Beyond MOST_ALERTS in an hour nothing is written."""
    recent = Mail.objects.filter(kind="staff_alert", created_at__gt=clock.now() - HOUR).values("order").distinct()
    if recent.count() >= MOST_ALERTS:
        return []
    about = f"{turn(order, 'attention_settled')}:{digest(reason)}"
    return to_staff(order, "staff_alert", about=about, reason=reason)
