"""What a payment backend must offer. One file per backend, one line in the table of this package."""

from dataclasses import dataclass
from typing import Protocol

from orders.models import Payment, Refund, RefundStatus


class ProviderAway(Exception):
    """The provider gave no answer that counts; a later try may work. Whether it acted is not known."""

    kind = "provider_away"

    def __init__(self, message: str, *, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after


class ProviderRefused(Exception):
    """The provider said no; asking the same again is of no use, so a job fails at once."""

    kind = "provider_refused"
    permanent = True


@dataclass(frozen=True)
class Checkout:
    """An open checkout at the provider. `url` is where to send the customer; empty when the backend derives it."""

    session_id: str
    url: str = ""


@dataclass(frozen=True)
class Receipt:
    """What a provider says about one payment. `amount` in smallest units; ids are empty when it names none.

    `payment_id` is our own id, if the provider was told it. `provider` is empty for the backend that new payments go
    through.
    """

    intent_id: str
    session_id: str
    amount: int
    currency: str
    livemode: bool
    provider: str = ""
    payment_id: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a checkout stands: paid when there is a `receipt`, over when `expired`, else open."""

    receipt: Receipt | None = None
    expired: bool = False


@dataclass(frozen=True)
class RefundNews:
    """What a provider says about one refund. `refund_id` is our own id, empty when it was not made by us."""

    provider_id: str
    status: RefundStatus
    amount: int
    currency: str
    intent_id: str
    refund_id: str = ""
    failure: str = ""


class PaymentBackend(Protocol):
    """The methods of a remote one, checkout_url apart, are never called inside a transaction.

    Each raises ProviderAway or ProviderRefused when it cannot do what it should.
    """

    name: str
    livemode: bool  # whether its money is real; events of the other kind are refused
    remote: bool  # whether its methods use the network

    def open_checkout(self, payments: list[Payment]) -> Checkout:
        """Opens one checkout in which all of `payments` are paid; asked again for the same ones, the same."""

    def checkout_url(self, payment: Payment) -> str:
        """The address of the payment's open checkout; empty when it has none."""

    def close_checkout(self, payment: Payment) -> None:
        """Makes sure that nobody can pay in the payment's checkout any more, if nobody has."""

    def standing(self, payment: Payment) -> Standing:
        """Whether the payment's checkout was paid."""

    def pay_back(self, refund: Refund) -> RefundNews:
        """Sends the refund's amount back, once, however often it is called for one refund."""

    def refunds(self, payment: Payment) -> list[RefundNews]:
        """All refunds of the payment that the provider knows, whoever made them."""
