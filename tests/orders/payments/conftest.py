"""Payment providers for tests: the sandbox, and Stripe's client against a server of our own on loopback."""

import pytest

from tests.orders.payments.stripe_server import KEY, StripeServer


@pytest.fixture
def stripe(settings):
    """A Stripe on loopback that the product is set up to use."""
    with StripeServer() as server:
        settings.PAYMENTS = "stripe"
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = KEY, server.url
        yield server
