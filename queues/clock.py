"""The database's clock: the only one that limits, leases and delays are measured with."""

import datetime

from django.db import connection
from django.db.models import DateTimeField, Func
from django.db.models.functions import Now
from django.utils import timezone


class Clock(Func):
    """The moment this row is written (PostgreSQL's clock_timestamp(), not the transaction's start)."""

    function = "CLOCK_TIMESTAMP"
    output_field = DateTimeField()

    def as_sqlite(self, compiler, connection, **context):
        return Now().as_sqlite(compiler, connection, **context)


def now() -> datetime.datetime:
    """The database's time, aware. SQLite runs in this process, so its clock is ours."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]
