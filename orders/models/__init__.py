"""Tables of the order app, one noun a file."""

from orders.models.catalogue import Product
from orders.models.events import OrderEvent
from orders.models.mail import Mail, MailStatus
from orders.models.order import Order, Priority
from orders.models.payment import Payment, PaymentStatus
from orders.models.refund import Refund, RefundReason, RefundStatus
from orders.models.review import Decision, Review
from orders.models.revision import AskedBy, RevisionRequest
from orders.models.stripe import EventStatus, StripeEvent
from orders.models.webhook import DeliveryStatus, WebhookDelivery, WebhookEndpoint, WebhookSecret

__all__ = [
    "AskedBy",
    "Decision",
    "DeliveryStatus",
    "EventStatus",
    "Mail",
    "MailStatus",
    "Order",
    "OrderEvent",
    "Payment",
    "PaymentStatus",
    "Priority",
    "Product",
    "Refund",
    "RefundReason",
    "RefundStatus",
    "Review",
    "RevisionRequest",
    "StripeEvent",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookSecret",
]
