"""Stripe's objects, from an event or an answer, as ours. Whatever is missing or of a wrong type becomes empty."""

import uuid

from orders.models import RefundStatus
from orders.payments.base import Receipt, RefundNews

REFUND_STATUS = {
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELED,
}


def of_session(session: dict) -> Receipt:
    return Receipt(
        intent_id=identity(session.get("payment_intent")),
        session_id=identity(session.get("id")),
        amount=amount(session.get("amount_total")),
        currency=text(session.get("currency")),
        livemode=session.get("livemode") is True,
        payment_id=payment_id(session),
    )


def of_intent(intent: dict) -> Receipt:
    return Receipt(
        intent_id=identity(intent.get("id")),
        session_id="",
        amount=amount(intent.get("amount_received", intent.get("amount"))),
        currency=text(intent.get("currency")),
        livemode=intent.get("livemode") is True,
        payment_id=payment_id(intent),
    )


def of_refund(refund: dict) -> RefundNews:
    """A refund without a status, as old API versions send it, has succeeded."""
    return RefundNews(
        provider_id=identity(refund.get("id")),
        status=REFUND_STATUS.get(text(refund.get("status")) or "succeeded", RefundStatus.PENDING),
        amount=amount(refund.get("amount")),
        currency=text(refund.get("currency")),
        intent_id=identity(refund.get("payment_intent")),
        refund_id=_own_id(metadata(refund).get("refund_id")),
        failure=text(refund.get("failure_reason")),
    )


def order_id(content: dict) -> uuid.UUID | None:
    """The order that a session or an intent names."""
    named = metadata(content).get("order_id") or content.get("client_reference_id")
    try:
        return uuid.UUID(str(named))
    except ValueError:
        return None


def payment_id(content: dict) -> str:
    """Our payment, the first of its checkout, that a session or an intent names."""
    return _own_id(metadata(content).get("payment_id"))


def metadata(content: dict) -> dict:
    found = content.get("metadata")
    return found if isinstance(found, dict) else {}


def identity(value: object) -> str:
    """The id of an object that may have been expanded."""
    return text(value.get("id") if isinstance(value, dict) else value)


def text(value: object) -> str:
    return value[:255] if isinstance(value, str) else ""


def amount(value: object) -> int:
    """Smallest units; 0, which is nobody's price, for anything that is not a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31 else 0


def _own_id(value: object) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        return ""
