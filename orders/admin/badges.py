"""States as staff see them: a word, a colour and a shape (static/css/desk-orders.css)."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from orders.models import Order
from orders.states import OrderStatus

S = OrderStatus
LOOKS = {
    S.PENDING_PAYMENT: "waiting",
    S.PROCESSING: "active",
    S.QUALITY_CHECK: "waiting",
    S.ADMIN_REVIEW: "yours",
    S.SCHEDULED: "active",
    S.COMPLETED: "good",
    S.FAILED: "bad",
    S.CANCELLED: "over",
}
PAYMENTS = {
    "unpaid": ("Not paid", "waiting"),
    "failed": ("Declined", "waiting"),
    "expired": ("Expired", "over"),
    "held": ("Another sum", "yours"),
    "paid": ("Paid", "good"),
    "refund_requested": ("Refund under way", "active"),
    "partially_refunded": ("Partly refunded", "active"),
    "refunded": ("Refunded", "over"),
    "refund_failed": ("Refund failed", "bad"),
}


def badge(words: str, look: str) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', look, words)


def of_status(order: Order) -> SafeString:
    return badge(order.get_status_display(), LOOKS[OrderStatus(order.status)])


def of_payment(state: str) -> SafeString:
    return badge(*PAYMENTS.get(state, (state.replace("_", " ").capitalize(), "waiting")))
