"""Who did something to an order: written into every audit row."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """`kind` is customer, api (a client with a token), staff, provider (payment events), worker or system."""

    kind: str
    id: str = ""


CUSTOMER = Actor("customer")
SYSTEM = Actor("system")
