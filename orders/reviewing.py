"""What waits for staff: versions to decide about, and those that go live later."""

from django.db.models import Q, QuerySet

from orders.models import Decision, Order, Review
from orders.states import OrderStatus


def waiting() -> QuerySet[Review]:
    """Reviews that wait, oldest first, with what a line of the queue shows."""
    rows = Review.objects.filter(decision=Decision.PENDING)
    return rows.select_related("order__product", "version", "claimed_by").order_by("submitted_at", "id")


def next_for(staff) -> Review | None:
    """The oldest that nobody else reads."""
    return waiting().filter(Q(claimed_at=None) | Q(claimed_by=staff)).first()


def is_taken(order: Order, staff) -> bool:
    """Whether somebody else has claimed the review that waits for the order, if one does."""
    return any(review.is_taken_from(staff) for review in order.reviews.filter(decision=Decision.PENDING))


def scheduled() -> QuerySet[Order]:
    """Orders that go live by themselves, the next first."""
    rows = Order.objects.filter(status=OrderStatus.SCHEDULED).select_related("product", "article__domain")
    return rows.order_by("publish_at")
