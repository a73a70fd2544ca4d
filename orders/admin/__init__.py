"""Orders for staff: lists, the page of an order, the review queue. All that changes goes through services."""

from orders import webhook_admin  # registers itself
from orders.admin import mail, order, product, refund, review, stripe_event

__all__ = ["mail", "order", "product", "refund", "review", "stripe_event", "webhook_admin"]
