"""Writes down every attempt: what was asked of whom, under whose key, and what it cost."""

import logging
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import Field

from aiproviders import prices
from aiproviders.attempt import Attempt
from aiproviders.models.calls import AICall

log = logging.getLogger(__name__)


def record(made: Attempt, *, user, job_id: UUID | None, purpose: str, key_scope: str, link: int) -> None:
    """One row for one attempt; `link` is 1 for the preferred model, 2 for its first fallback."""
    usage = made.usage
    row = AICall(
        provider=made.choice.provider,
        model_asked=made.choice.model[:200],
        model_answered=made.model_answered[:200],
        key_scope=key_scope,
        link=link,
        user=user,
        job_id=job_id,
        purpose=purpose[:60],
        outcome=made.outcome,
        http_status=made.failure.status if made.failure else None,
        input_tokens=usage and usage.input_tokens,
        cached_tokens=usage and usage.cached_tokens,
        output_tokens=usage and usage.output_tokens,
        milliseconds=made.milliseconds,
        cost=made.cost,
        prices_version=prices.list_version(),
    )
    _insert(row)
    log.info("%s for %s: %s in %d ms", made.choice, purpose or "-", made.outcome, made.milliseconds)


def _insert(row: AICall) -> None:
    """As plain SQL: the ORM builds the statement anew each time, which costs more than running it."""
    sql, fields = _statement()
    with connection.cursor() as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields])


@cache
def _statement() -> tuple[str, list[Field]]:
    fields = [field for field in AICall._meta.concrete_fields if not field.primary_key]
    names = ", ".join(field.column for field in fields)
    return f"INSERT INTO {AICall._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})", fields  # noqa: S608
