"""What a payment backend must offer. One file per backend, one line in the table of this package."""

from dataclasses import dataclass
from typing import Protocol

from orders.models import Payment


@dataclass(frozen=True)
class Checkout:
    """An open checkout at the provider: its session id, and the address to send the customer to."""

    session_id: str
    url: str


class PaymentBackend(Protocol):
    name: str
    livemode: bool  # whether its money is real; events of the other kind are refused

    def open_checkout(self, payment: Payment) -> Checkout:
        """Opens a checkout for `payment`. May use the network: never called inside a transaction."""

    def checkout_url(self, payment: Payment) -> str:
        """The address of the payment's open checkout; empty when it has none."""
