"""Signatures as Standard Webhooks wants them: symmetric, v1, one for each secret that is valid now."""

import base64
import datetime
import hashlib
import hmac
import secrets

from django.db.models import Q

from aiproviders import vault
from aiproviders.secret import Secret
from orders.models import WebhookDelivery, WebhookEndpoint, WebhookSecret
from queues import clock

PREFIX = "whsec_"
OVERLAP = datetime.timedelta(hours=24)  # in which the previous secret signs as well


def add_secret(endpoint: WebhookEndpoint) -> Secret:
    """A new current secret of the endpoint, which has none; kept sealed, so that this is the time to show it."""
    secret = Secret(PREFIX + base64.b64encode(secrets.token_bytes(24)).decode())
    row = WebhookSecret(endpoint=endpoint)
    row.token = vault.seal(secret, owner=row.sealed_for)
    row.save(force_insert=True)
    return secret


def headers(delivery: WebhookDelivery, body: bytes) -> dict[str, str]:
    """The three headers by which the receiver knows that it is us, for a delivery that goes out now."""
    now = clock.now()
    valid = delivery.endpoint.secrets.filter(Q(valid_until=None) | Q(valid_until__gt=now))
    moment = str(int(now.timestamp()))
    signed = f"{delivery.pk}.{moment}.".encode() + body
    return {
        "webhook-id": str(delivery.pk),
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(_signature(row, signed) for row in valid),
    }


def _signature(row: WebhookSecret, signed: bytes) -> str:
    key = base64.b64decode(vault.unseal(row.token, owner=row.sealed_for).reveal().removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
