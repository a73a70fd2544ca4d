"""The one row per idempotency key: taken with one INSERT, finished with one conditional UPDATE.

A claim whose process died is free again after CLAIM_SECONDS. Whoever held it meanwhile cannot finish any more: the
effect and the answer are one transaction, so it rolls its effect back.
"""

import json
import time
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection
from django.http import HttpResponse

from aiproviders import vault
from aiproviders.secret import Secret
from config.models import KeyedAnswer
from queues.clock import Clock

CLAIM_SECONDS = 60
ANSWER_SECONDS = 24 * 3600
REPEATED = ("Content-Type", "Location", "Retry-After", "Cache-Control", "ETag")
BATCH = 1000
MOST_SECONDS = 300
TAKE = """INSERT INTO config_keyedanswer (id, request, claim, until, status, answer)
VALUES (%s, %s, %s, {until}, NULL, '')
ON CONFLICT (id) DO UPDATE
SET request = excluded.request, claim = excluded.claim, until = excluded.until, status = NULL, answer = ''
WHERE config_keyedanswer.until <= {now}"""


class Lost(Exception):
    """The claim ran out while its holder was at work, and somebody else may have it."""


@dataclass(frozen=True)
class Claim:
    id: str
    word: str  # tells this holder from the next


def take(key: str, *, request: str) -> Claim | None:
    """The claim on `key`, if nobody works on it and there is no answer yet. Call it outside of a transaction."""
    claim, vendor = Claim(key, uuid4().hex), connection.vendor
    statement = TAKE.format(until=Clock(CLAIM_SECONDS).sql(vendor), now=Clock().sql(vendor))
    with connection.cursor() as cursor:
        cursor.execute(statement, [key, request, claim.word])
        return claim if cursor.rowcount == 1 else None


def keep(claim: Claim, response: HttpResponse) -> None:
    """Store the answer, inside the transaction of its effect. Raises Lost: roll back."""
    headers = {name: response[name] for name in REPEATED if name in response}
    sealed = vault.seal(Secret(json.dumps({"headers": headers, "body": response.content.decode()})), owner=claim.id)
    row = KeyedAnswer.objects.filter(pk=claim.id, claim=claim.word)
    if not row.update(status=response.status_code, answer=sealed, until=Clock(ANSWER_SECONDS)):
        raise Lost


def release(claim: Claim) -> None:
    """Free the key: nothing was done under it."""
    KeyedAnswer.objects.filter(pk=claim.id, claim=claim.word, status=None).delete()


def repeated(row: KeyedAnswer) -> HttpResponse:
    """The stored answer. Raises vault.Unreadable when its encryption key is gone."""
    kept = json.loads(vault.unseal(row.answer, owner=row.pk).reveal())
    return HttpResponse(kept["body"], status=row.status, headers=kept["headers"] | {"Idempotency-Replayed": "true"})


def forget() -> int:
    """Delete what has run out, in short transactions; the number of rows deleted."""
    deleted, ends = 0, time.monotonic() + MOST_SECONDS
    while time.monotonic() < ends:
        batch = list(KeyedAnswer.objects.filter(until__lte=Clock()).values_list("pk", flat=True)[:BATCH])
        deleted += KeyedAnswer.objects.filter(pk__in=batch, until__lte=Clock()).delete()[0]
        if len(batch) < BATCH:
            break
    return deleted
