"""News of a refund or dispute of money that several orders share: whose share it is of."""

from dataclasses import replace

from django.db import transaction

from orders.actors import Actor
from orders.models import Payment, Refund, RefundReason
from orders.models.refund import OVER
from orders.payments import balance
from orders.payments.base import RefundNews
from orders.payments.settling import note_refund
from orders.payments.shares import locked_batch, of_intent, split


@transaction.atomic
def note_news(*, payment: Payment, news: RefundNews, actor: Actor, reason: str = RefundReason.EXTERNAL) -> bool:
    """Writes the news down at the payments that it is about; False when it cannot be true, and staff are told.

    Money that went back at the provider names none of our orders: it is spread over all that share the payment, in
    proportion to what each has left, and staff see it at each.
    """
    locked_batch(payment.order_id)
    shares = of_intent(payment)
    known = [row for share in shares for row in share.refunds.all() if _is_meant(row, news)]
    parts = [(row.payment, row.amount if row.provider_id else news.amount) for row in known]
    if not parts:
        left = [balance.paid(share) - balance.accepted(share) for share in shares]
        fits = len(shares) > 1 and news.status not in OVER and 0 < news.amount <= sum(left)
        amounts = split(news.amount, left) if fits else [news.amount]
        parts = [(share, amount) for share, amount in zip(shares, amounts, strict=False) if amount or not fits]
    wish = {"actor": actor, "reason": reason}
    noted = [note_refund(payment=share, news=replace(news, amount=amount), **wish) for share, amount in parts]
    return all(noted)


def _is_meant(refund: Refund, news: RefundNews) -> bool:
    return refund.provider_id == news.provider_id if refund.provider_id else str(refund.pk) == news.refund_id
