"""What must be true of the payment settings before anything starts."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LIVE, TEST = ("sk_live_", "rk_live_"), ("sk_test_", "rk_test_")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def check(*, payments: str, key: str, secrets: list[str], api_base: str, public_url: str) -> None:
    """Raises ImproperlyConfigured, never repeating the key. `secrets` are those that the operator gave."""
    if payments == "sandbox":
        if key.startswith(LIVE):
            raise ImproperlyConfigured("PAYMENTS=sandbox is impossible beside a live STRIPE_SECRET_KEY.")
        return
    if not key.startswith(LIVE + TEST):
        raise ImproperlyConfigured(
            "PAYMENTS=stripe needs STRIPE_SECRET_KEY: a key that starts with sk_live_, rk_live_, sk_test_ or rk_test_."
        )
    if not secrets:
        raise ImproperlyConfigured(
            "PAYMENTS=stripe needs STRIPE_WEBHOOK_SECRETS: the signing secret (whsec_...) that Stripe shows."
        )
    api = urlsplit(api_base)
    if api.scheme != "https" and (api.hostname not in LOOPBACK or key.startswith(LIVE)):
        raise ImproperlyConfigured("STRIPE_API_BASE must be https; http is for a test server on this machine.")
    if key.startswith(LIVE) and not public_url.startswith("https://"):
        raise ImproperlyConfigured("PUBLIC_URL must be https beside a live STRIPE_SECRET_KEY: customers return to it.")
