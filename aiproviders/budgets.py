"""Daily budgets: reserved before a call, settled after it, and nothing leaves when they are used up.

The day is the UTC day of the database's clock in which the call begins. A call whose cost nobody knows (a timeout, an
unknown price) settles its whole reservation. So does one whose process died: what it reserved stays reserved until the
day ends, because the provider may have charged for it. The next day begins with nothing reserved.
"""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, Decimal

from django.db import connection, transaction
from django.db.models import DateField, F, Func, Q, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from aiproviders.errors import ProviderError
from aiproviders.models.budgets import PER_DOLLAR, Budget
from aiproviders.models.calls import AICall

HOUSE = "house"


class Today(Func):
    """The UTC day of the database's clock."""

    template = "(CLOCK_TIMESTAMP() AT TIME ZONE 'UTC')::date"
    output_field = DateField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="DATE('now')", **context)


@dataclass(frozen=True)
class Reservation:
    """What a call may cost at most, set aside in these rows of Budget."""

    rows: tuple[int, ...]
    amount: int


def owner_of(user) -> str:
    """Under which name `user`'s spending is counted; None is the house."""
    return HOUSE if user is None else f"user:{user.pk}"


def reserve(limits: Mapping[str, Decimal], at_most: Decimal) -> Reservation:
    """Set `at_most` dollars aside in the budgets of all owners in `limits` (daily limits in dollars), or in none.

    Raises ProviderError("budget"), which no other link can help: to be tried again tomorrow, or, when the call may cost
    more than a whole day's budget, permanent.
    """
    amount, refused = _units(at_most), ""
    rows = _rows_of_today(limits)
    with transaction.atomic() if len(rows) > 1 else nullcontext():
        for owner in sorted(rows):  # always in this order: two calls must not wait for each other
            row = Budget.objects.filter(pk=rows[owner], spent__lte=_units(limits[owner]) - amount - F("reserved"))
            if not row.update(reserved=F("reserved") + amount):
                refused = owner
                if len(rows) > 1:
                    transaction.set_rollback(True)
                break
    if refused:
        raise _used_up(refused, limits[refused], too_small=amount > _units(limits[refused]))
    return Reservation(tuple(rows.values()), amount)


def settle(reservation: Reservation, cost: Decimal | None) -> None:
    """Replace what was set aside by what the call has cost in dollars; None: nobody knows, so all of it."""
    spent = reservation.amount if cost is None else _units(cost)
    for row in reservation.rows:
        Budget.objects.filter(pk=row).update(spent=F("spent") + spent, reserved=F("reserved") - reservation.amount)


def today() -> date:
    """The day that budgets are counted in now."""
    if connection.vendor == "sqlite":  # its clock is ours
        return timezone.now().astimezone(UTC).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date")
        return cursor.fetchone()[0]


def _rows_of_today(limits: Mapping[str, Decimal]) -> dict[str, int]:
    """The primary key of each owner's row; one whose limit is new is made, or counted again."""
    found = Budget.objects.filter(owner__in=list(limits), day=Today()).values_list("owner", "pk", "limit")
    rows = {owner: pk for owner, pk, limit in found if limit == _units(limits[owner])}
    return rows | {owner: _counted(owner, limits[owner]) for owner in limits if owner not in rows}


def _counted(owner: str, limit: Decimal) -> int:
    """Today's row under `limit`, with all that the ledger says was spent before there was one."""
    day = today()
    Budget.objects.bulk_create([Budget(owner=owner, day=day, limit=_units(limit))], ignore_conflicts=True)
    calls = Q(key_scope="house") if owner == HOUSE else Q(user_id=int(owner.partition(":")[2]))
    spent = AICall.objects.filter(calls, created_at__gte=datetime.combine(day, time.min, UTC)).aggregate(
        dollars=Coalesce(Sum("cost"), Decimal(0))
    )["dollars"]
    row = Budget.objects.filter(owner=owner, day=day)
    row.update(limit=_units(limit), spent=Greatest(F("spent"), Value(_units(spent))))
    return row.values_list("pk", flat=True).get()


def _used_up(owner: str, limit: Decimal, *, too_small: bool) -> ProviderError:
    budget = f"{'the house' if owner == HOUSE else 'the user'}'s daily budget of ${limit:.2f}"
    if too_small:
        return ProviderError("budget", f"{budget} is less than this one call may cost; raise it")
    words = f"{budget} is used up; a new one begins at midnight UTC. To go on sooner, raise it and promote the job"
    error = ProviderError("budget", words, permanent=False, retry_after=seconds_until_tomorrow())
    error.counts = False
    return error


def seconds_until_tomorrow() -> float:
    now = timezone.now().astimezone(UTC)
    return (datetime.combine(now.date() + timedelta(days=1), time.min, UTC) - now).total_seconds() + 1


def _units(dollars: Decimal) -> int:
    return int((dollars * PER_DOLLAR).to_integral_value(rounding=ROUND_CEILING))
