"""Clients of the API, made the way `manage.py token` makes them."""

import json
import uuid

from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from config.models import ApiToken
from tests.orders.test_api import WISHES

PURCHASE = "/api/v1/purchase"


def client_of(name: str = "ada", *, staff: bool = False) -> Client:
    """A client with a token of its own; the same name is the same user."""
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user_of(name, staff=staff))}"})


def user_of(name: str, *, staff: bool = False):
    """The user of this name."""
    return get_user_model().objects.get_or_create(username=name, defaults={"is_staff": staff})[0]


def post(client: Client, path: str = PURCHASE, body: object = WISHES, *, key: str | None = "") -> HttpResponse:
    """POST as JSON (text as it is) with a new key, or this one; None: without."""
    headers = {} if key is None else {"Idempotency-Key": key or str(uuid.uuid4())}
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(path, text, content_type="application/json", headers=headers)
