"""What staff should look at."""

from django.db.models import QuerySet

from orders.models import Order
from orders.states import OrderStatus
from queues import clock


def needing_attention() -> QuerySet[Order]:
    """Orders that something has put on staff's list, the longest untouched first."""
    return Order.objects.filter(needs_attention=True).order_by("updated_at")


def overdue() -> QuerySet[Order]:
    """Paid orders whose first version has not come in the time that was promised, the latest first."""
    late = Order.objects.filter(status=OrderStatus.PROCESSING, current_version=None, due_at__lt=clock.now())
    return late.order_by("due_at")
