"""The database's clock: the only one that limits, leases and delays are measured with."""

import datetime

from django.db import connection
from django.db.models import DateTimeField, Func
from django.utils import timezone


class Clock(Func):
    """The moment this row is written, and `after` whole seconds: clock_timestamp(), not the transaction's start."""

    output_field = DateTimeField()

    def __init__(self, after: int = 0) -> None:
        super().__init__()
        self.after = int(after)

    def as_sql(self, compiler, connection, **context):
        return self.sql(connection.vendor), []

    def sql(self, vendor: str) -> str:
        """SQL without parameters; per cent signs are doubled."""
        if vendor == "sqlite":
            return f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'NOW', '{self.after:+d} seconds')"
        return f"(CLOCK_TIMESTAMP() + INTERVAL '{self.after} seconds')" if self.after else "CLOCK_TIMESTAMP()"


def now() -> datetime.datetime:
    """The database's time, aware. SQLite runs in this process, so its clock is ours."""
    if connection.vendor == "sqlite":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def read(moment: datetime.datetime | None) -> datetime.datetime | None:
    """A moment as plain SQL returned it: SQLite keeps them in UTC, without a time zone."""
    return moment.replace(tzinfo=datetime.UTC) if moment and timezone.is_naive(moment) else moment
