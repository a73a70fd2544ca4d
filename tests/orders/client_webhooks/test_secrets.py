"""Secrets at rest: sealed, sealed anew with the AI keys, and bound to their endpoint."""

import io

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.core.management import call_command

from aiproviders import vault
from orders.client_webhooks import endpoints
from orders.models import WebhookEndpoint, WebhookSecret
from tests.concurrency import all_at_once

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def old_key(settings):
    """Asked for before `registered`, so that its secret is sealed under the old key."""
    settings.AI_KEY_ENCRYPTION_KEYS = [OLD]


def test_after_a_rotation_the_old_encryption_key_is_needed_no_more(old_key, registered, settings):
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW, OLD]
    out = io.StringIO()
    call_command("rotate_ai_keys", stdout=out)
    assert out.getvalue().startswith("1 sealed anew")
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW]
    row = WebhookSecret.objects.get()
    assert vault.unseal(row.token, owner=row.sealed_for).reveal() == registered[1]


def test_a_secret_that_was_moved_to_another_endpoint_cannot_be_used(registered, receiver, client_user):
    other, _ = endpoints.register(owner=client_user, url=f"{receiver.url}/other")
    row = registered[0].secrets.get()
    with pytest.raises(vault.Unreadable):
        vault.unseal(row.token, owner=other.secrets.get().sealed_for)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_ten_who_rotate_and_register_at_once_leave_one_current_secret_each(registered, receiver, client_user):
    def register() -> str:
        try:
            endpoints.register(owner=client_user, url=f"{receiver.url}/same")
        except Exception as refusal:
            return type(refusal).__name__
        return "registered"

    results = all_at_once([lambda: endpoints.rotate(registered[0])] * 4 + [register] * 4)
    assert sorted(result for result in results if isinstance(result, str)) == ["ValidationError"] * 3 + ["registered"]
    assert registered[0].secrets.filter(valid_until=None).count() == 1
    assert registered[0].secrets.count() == 5
    assert WebhookEndpoint.objects.filter(owner=get_user_model().objects.get()).count() == 2
