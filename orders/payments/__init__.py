"""Payments: backends that take money, and the one function that believes them."""

from importlib import import_module

from django.conf import settings

from orders.payments.base import PaymentBackend

BACKENDS = {"sandbox": "orders.payments.sandbox.Sandbox", "stripe": "orders.payments.stripe.Stripe"}
OUTSIDE = "outside"  # the provider of payments that staff saw arrive elsewhere; no backend can pay them back


def backend(name: str = "") -> PaymentBackend:
    """The backend called `name`, or the one that new payments go through: settings.PAYMENTS."""
    module, _, class_name = BACKENDS[name or settings.PAYMENTS].rpartition(".")
    return getattr(import_module(module), class_name)()
