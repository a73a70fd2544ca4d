"""Buying over the API, for the tests of it."""

import json
import uuid

from django.test import Client

from tests.orders.builders import INPUTS

WISHES = {
    "product": "article-400",
    "email": INPUTS["email"],
    "topic": INPUTS["topic"],
    "niche": INPUTS["niche"],
    "keyword": INPUTS["keyword"],
    "targetUrl": INPUTS["target_url"],
    "anchorText": INPUTS["anchor_text"],
    "notes": INPUTS["notes"],
    "termsAccepted": True,
}


def buy(client: Client, wishes=None, **changes):
    body = wishes if isinstance(wishes, str) else json.dumps(WISHES | changes)
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    return client.post("/api/v1/purchase", body, content_type="application/json", headers=headers)


def fields_of(response) -> set[str]:
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"] for error in response.json()["errors"]}
