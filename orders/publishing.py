"""Putting an order's approved version before readers."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone

from content.articles.services import publish_version
from orders.models import Order
from orders.transitions import Conflict


def go_live(order: Order, action: str) -> None:
    """Shows the order's version to readers; the caller takes `action` in the same transaction. Raises Conflict."""
    try:
        publish_version(order.article, order.current_version)
    except ValueError as error:  # it would take away another order's link, or there is no free address
        raise Conflict(action, order.status, code="cannot_publish", detail=str(error)) from error


def check_moment(publish_at: datetime.datetime) -> None:
    """Raises ValidationError for "publish_at" unless it is in the future."""
    if publish_at <= timezone.now():
        raise ValidationError({"publish_at": ["Must be in the future."]})
