"""Where clients want to be told: registering, changing the secret, removing."""

import datetime
import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from aiproviders.secret import Secret
from content.internet import addresses
from orders.client_webhooks.signing import OVERLAP, add_secret
from orders.models import WebhookEndpoint
from queues import clock

MOST = 10  # endpoints of one client
LONGEST = 500


def register(*, owner, url: str) -> tuple[WebhookEndpoint, Secret]:
    """A new endpoint of `owner`, and its secret, which is shown once.

    Raises ValidationError for "url"; nothing is stored then. It asks the name server, so never inside a transaction.
    """
    check_url(url)
    with transaction.atomic():
        type(owner).objects.select_for_update().get(pk=owner.pk)  # two at once are counted one after the other
        theirs = WebhookEndpoint.objects.filter(owner=owner)
        if theirs.filter(url=url).exists():
            raise ValidationError({"url": ["You have a webhook with this address. Delete that one first."]})
        if theirs.count() >= MOST:
            raise ValidationError({"url": [f"You have {MOST} webhooks, which is the most. Delete one first."]})
        endpoint = WebhookEndpoint.objects.create(owner=owner, url=url)
        return endpoint, add_secret(endpoint)


def check_url(url: str) -> None:
    """Raises ValidationError for "url" unless it is an https address on the public internet.

    http and private addresses are allowed in settings.WEBHOOK_NETWORKS.
    """
    if len(url) > LONGEST:
        raise ValidationError({"url": [f"At most {LONGEST} characters, please; this has {len(url)}."]})
    try:
        parts = addresses.split(url)
        ip = addresses.resolve(parts, settings.WEBHOOK_NETWORKS)
    except addresses.Refused as error:
        raise ValidationError({"url": [str(error)]}) from None
    except OSError:
        raise ValidationError({"url": ["The host of this address is unknown."]}) from None
    if parts.scheme != "https" and not addresses.is_within(ip, settings.WEBHOOK_NETWORKS):
        raise ValidationError({"url": ["Must begin with https://."]})


@transaction.atomic
def rotate(endpoint: WebhookEndpoint) -> tuple[Secret, datetime.datetime]:
    """A new secret, and until when the one before signs as well: deliveries carry both signatures until then."""
    WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    now = clock.now()
    endpoint.secrets.filter(valid_until__lt=now).delete()
    endpoint.secrets.filter(valid_until=None).update(valid_until=now + OVERLAP)
    return add_secret(endpoint), now + OVERLAP


def remove(endpoint: WebhookEndpoint) -> None:
    """Nothing is sent there any more; its deliveries are forgotten."""
    endpoint.delete()


def endpoints_of(user):
    """The user's own endpoints."""
    return WebhookEndpoint.objects.filter(owner=user)


def endpoint_of(user, endpoint_id: uuid.UUID) -> WebhookEndpoint | None:
    """One of the user's own endpoints."""
    return endpoints_of(user).filter(pk=endpoint_id).first()
