"""Asking the provider, because events get lost: whether checkouts were paid, and what became of refunds."""

import datetime
import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from orders import payments
from orders.actors import SYSTEM, Actor
from orders.models import EventStatus, Order, Payment, Refund, RefundStatus, StripeEvent
from orders.models.payment import PAYABLE
from orders.payments import BACKENDS, checkouts, inbox
from orders.payments.base import ProviderAway, ProviderRefused
from orders.payments.confirm import Outcome, confirm_payment
from orders.payments.refunds import ask_for_payout
from orders.payments.spreading import note_news
from orders.states import OrderStatus
from orders.transitions import Conflict
from queues.running import RunningJob, give_back_connection

logger = logging.getLogger(__name__)
SETTLING = datetime.timedelta(minutes=2)  # younger things have their own events and jobs on the way
PAYMENT_PERIOD = datetime.timedelta(hours=24)


def check_payment(payment: Payment, actor: Actor) -> Outcome:
    """Asks whether the payment's checkout was paid, and counts the money or lets the order expire.

    Raises ProviderAway and ProviderRefused.
    """
    give_back_connection()
    standing = payments.backend(payment.provider).standing(payment)
    if standing.receipt:
        return confirm_payment(order_id=payment.order_id, receipt=standing.receipt, actor=actor)
    if standing.expired and checkouts.expired(order_id=payment.order_id, session_id=payment.session_id, actor=actor):
        return Outcome.EXPIRED
    return Outcome.IGNORED


def close_checkout(payment: Payment, actor: Actor) -> Outcome:
    """Closes the payment's checkout at the provider; one that was paid meanwhile is counted."""
    give_back_connection()
    payments.backend(payment.provider).close_checkout(payment)
    return check_payment(payment, actor)


def leave_checkout(payment: Payment, actor: Actor) -> Outcome:
    """Closes the checkout because this payment's order is paid or over; other orders in it can be paid in another."""
    checkouts.part_from(payment)
    return close_checkout(payment, actor)


def check_refunds(payment: Payment, actor: Actor) -> int:
    """Takes over what the provider knows of the payment's refunds; returns how many it knows."""
    give_back_connection()
    news = payments.backend(payment.provider).refunds(payment)
    for each in news:
        note_news(payment=payment, news=each, actor=actor)
    return len(news)


def expire_unpaid(job: RunningJob) -> int:
    """Cancels orders that were not paid within PAYMENT_PERIOD; returns how many. A late payment reopens them."""
    too_old = timezone.now() - PAYMENT_PERIOD
    unpaid = Order.objects.filter(status=OrderStatus.PENDING_PAYMENT, created_at__lt=too_old)
    return _each(unpaid, _expire, job)


def _expire(order: Order) -> bool:
    checkout = order.payments.filter(status__in=PAYABLE).exclude(checkout_url="").last()
    if checkout:
        # A bank debit may be on its way for days: then the checkout is over and the order is not.
        return close_checkout(checkout, SYSTEM) == Outcome.EXPIRED
    try:
        checkouts.expire_payment(order_id=order.pk, actor=SYSTEM)
    except Conflict:
        return False  # paid while we looked
    return True


def reconcile(job: RunningJob) -> dict[str, int]:
    """All that should have come by events and has not; returns how many of each were looked at."""
    settled = timezone.now() - SETTLING
    open_payments = Payment.objects.filter(status__in=PAYABLE, created_at__lt=settled).exclude(checkout_url="")
    one_of_each = {payment.session_id or payment.pk: payment for payment in open_payments}  # orders may share one
    on_the_way = Payment.objects.filter(
        provider__in=BACKENDS, refunds__status=RefundStatus.PENDING, refunds__created_at__lt=settled
    )
    unsent = Refund.objects.filter(
        status__in=(RefundStatus.REQUESTED, RefundStatus.SUBMITTED), not_before__lt=settled
    ).select_related("payment__order")
    unhandled = StripeEvent.objects.filter(
        Q(status=EventStatus.FAILED) | Q(status=EventStatus.RECEIVED, received_at__lt=settled),
        attempts__lt=inbox.MOST_TRIES,
    )
    return {
        "payments": _each(one_of_each.values(), lambda payment: check_payment(payment, SYSTEM), job),
        "refunds": _each(on_the_way.distinct(), lambda payment: check_refunds(payment, SYSTEM), job),
        "unsent": _each(unsent, lambda refund: ask_for_payout(refund, refund.payment.order), job),
        "events": _each(unhandled.order_by("received_at"), lambda event: inbox.process(event.pk), job),
    }


def _each(rows: Iterable[Any], look: Callable[[Any], Any], job: RunningJob) -> int:
    """Looks at each row; returns for how many something came of it. One that cannot be asked about stops no other."""
    found = 0
    for row in list(rows):
        job.checkpoint()
        try:
            found += bool(look(row))
        except ProviderAway as error:
            logger.warning("The payment provider is away, the rest waits for the next round: %s", error)
            break
        except ProviderRefused as error:
            logger.error("%s %s cannot be looked up: %s", type(row).__name__, row.pk, error)
    return found
