"""Payments: backends that take money, and the one function that believes them."""

from importlib import import_module

from django.conf import settings

from orders.payments.base import PaymentBackend

BACKENDS = {"sandbox": "orders.payments.sandbox.Sandbox"}


def backend() -> PaymentBackend:
    """The backend named by settings.PAYMENTS."""
    module, _, name = BACKENDS[settings.PAYMENTS].rpartition(".")
    return getattr(import_module(module), name)()
