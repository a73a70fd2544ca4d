"""News of a refund or dispute of money that several orders share: whose share it is of."""

from django.db import transaction

from orders.actors import Actor
from orders.models import Payment, RefundReason
from orders.models.refund import OVER
from orders.payments import balance
from orders.payments.base import RefundNews
from orders.payments.settling import note_shares
from orders.payments.shares import locked_batch, of_intent, split


@transaction.atomic
def note_news(*, payment: Payment, news: RefundNews, actor: Actor, reason: str = RefundReason.EXTERNAL) -> bool:
    """Writes the news down at the payments that it is about; False when it cannot be true, and staff are told.

    Money that went back at the provider names none of our orders: it is spread over all that share the payment, in
    proportion to what each has left, and staff see it at each.
    """
    locked_batch(payment.order_id)
    shares = of_intent(payment)
    parts = [(share, amount) for share in shares if (amount := _meant(share, news)) is not None]
    if not parts:
        left = [balance.paid(share) - balance.accepted(share) for share in shares]
        fits = len(shares) > 1 and news.status not in OVER and 0 < news.amount <= sum(left)
        amounts = split(news.amount, left) if fits else [news.amount]
        parts = [(share, amount) for share, amount in zip(shares, amounts, strict=False) if amount or not fits]
    return len(note_shares(parts=parts, news=news, actor=actor, reason=reason)) == len(parts)


def _meant(share: Payment, news: RefundNews) -> int | None:
    """How much of this share the news is about, if it is of a refund that we know."""
    refunds = list(share.refunds.all())
    known = (row.amount for row in refunds if row.provider_id and row.provider_id == news.provider_id)
    is_ours = any(str(row.pk) == news.refund_id and not row.provider_id for row in refunds)
    return next(known, news.amount if is_ours else None)
