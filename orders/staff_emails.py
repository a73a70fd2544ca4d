"""What staff (ALERT_EMAILS) are told by mail; written like the mails to customers."""

import datetime

from django.conf import settings

from orders.letters import digest, to_staff, turns
from orders.models import Mail, Order, OrderEvent, Refund, Review
from queues import clock

MOST_ALERTS = 20  # in an hour: when a provider is away, one list is better than three hundred mails
HOUR = datetime.timedelta(hours=1)


def staff_new_review(order: Order, review: Review) -> list[Mail]:
    """A version waits for an editor."""
    return to_staff("staff_new_review", [(order, str(review.pk), {"version": review.version, "review": review})])


def refund_failed(*failures: tuple[Refund, OrderEvent]) -> list[Mail]:
    """Money that should have gone back did not, as each event says; asked for again it may fail again."""
    letters = [(refund.payment.order, f"{refund.pk}:{news.pk}", {"refund": refund}) for refund, news in failures]
    return to_staff("refund_failed", letters)


def staff_alert(*reasons: tuple[Order, str]) -> list[Mail]:
    """Orders came on the list of those that need attention: one mail for each reason, until the order's state
    changes or somebody has seen to it. Beyond MOST_ALERTS in an hour nothing is written."""
    if not settings.ALERT_EMAILS:
        return []
    recent = Mail.objects.filter(kind="staff_alert", created_at__gt=clock.now() - HOUR)
    orders, told = set(recent.values_list("order", flat=True).distinct()), []
    for order, reason in reasons:
        if len(orders) < MOST_ALERTS:
            orders.add(order.pk)
            told.append((order, reason))
    since = turns([order for order, _ in told], "attention_settled")
    letters = [(order, f"{since.get(order.pk)}:{digest(reason)}", {"reason": reason}) for order, reason in told]
    return to_staff("staff_alert", letters)
