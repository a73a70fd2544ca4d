"""Putting an order's approved version before readers, and taking it from them."""

import datetime
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from content.articles.services import publish_version, unpublish
from orders.actors import Actor
from orders.models import Order
from orders.notes import check_notes
from orders.states import OrderStatus
from orders.transitions import Conflict, record, steady


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


@transaction.atomic
def take_from_readers(*, order_id: uuid.UUID, staff, note: str) -> Order:
    """Takes the order's article from readers; `note` says why. Its status stays, as do its address and its versions.

    Other orders of the article that were completed get the same audit row: their links go with it. Raises
    ValidationError for "notes", and Conflict.
    """
    note = check_notes(note, shortest=1)
    together = _locked_together(order_id)
    order = steady(order_id, "unpublish")
    article = order.article
    if article.published_version is None:
        detail = "Readers do not see this article any more."
        raise Conflict("unpublish", order.status, code="not_live", detail=detail)
    told = {"from": article.public_url, "version": article.published_version.number, "order": order.code}
    unpublish(article)
    for each in together:
        if each.status == OrderStatus.COMPLETED:
            record(each, "unpublish", actor=Actor("staff", str(staff.pk)), note=note, data=told)
    return order


def _locked_together(order_id: uuid.UUID) -> list[Order]:
    """All orders of the order's article, locked before the article, as publishing does, and in the order of their ids:
    one of them may be about to go live."""
    article = Order.objects.values("article").get(pk=order_id)["article"]
    return list(Order.objects.select_for_update(of=("self",)).filter(article=article).order_by("pk")) if article else []
