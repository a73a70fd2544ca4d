"""What language models cost, from the ledger of all attempts; every function is one query."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Concat, StrIndex, Substr, TruncDate
from django.utils import timezone

from aiproviders.models import AICall

SAMPLE = 100  # calls
SUMS = {
    "cost": Coalesce(Sum("cost"), Decimal(0)),
    "calls": Count("id"),
    "input_tokens": Coalesce(Sum("input_tokens"), 0),
    "output_tokens": Coalesce(Sum("output_tokens"), 0),
    "unpriced": Count("id", filter=Q(cost=None, output_tokens__isnull=False)),
}


@dataclass(frozen=True)
class Spend:
    """US dollars and tokens. `unpriced` calls used tokens at a price we do not know, so `cost` is at least."""

    cost: Decimal
    calls: int
    input_tokens: int
    output_tokens: int
    unpriced: int


def spend(job_ids: Iterable[UUID]) -> Spend:
    """What the attempts of these jobs cost together, failed ones included; the jobs of an order, say."""
    # The names of the sums are not those of columns, which an aggregate of one query may not shadow.
    sums = AICall.objects.filter(job_id__in=list(job_ids)).aggregate(**{f"all_{name}": s for name, s in SUMS.items()})
    return Spend(**{name: sums[f"all_{name}"] for name in SUMS})


def spend_by_job(job_ids: Iterable[UUID]) -> dict[UUID, Spend]:
    """The same for each of these jobs; those that asked no model are left out."""
    return _grouped(AICall.objects.filter(job_id__in=list(job_ids)), F("job_id"))


def spend_by_user(*, since: datetime, until: datetime | None = None) -> dict[int | None, Spend]:
    """By the user's primary key, the dearest first; None is the house's own work. `until` is not included."""
    return _grouped(_calls(since, until), F("user_id"))


def spend_by_queue(*, since: datetime, until: datetime | None = None, user=None) -> dict[str, Spend]:
    """By the first word of the purpose, which says for what: jobs put the name of their queue there."""
    first_word = Substr("purpose", 1, StrIndex(Concat("purpose", Value(" ")), Value(" ")) - 1)
    return _grouped(_calls(since, until, user), first_word)


def spend_by_model(*, since: datetime, until: datetime | None = None, user=None) -> dict[str, Spend]:
    """By "provider/model" as it was asked for, the dearest first."""
    return _grouped(_calls(since, until, user), Concat("provider", Value("/"), "model_asked"))


def spend_by_day(*, since: datetime, until: datetime | None = None, user=None) -> dict[date, Spend]:
    """By UTC day, in their order; days without a call are left out."""
    return dict(sorted(_grouped(_calls(since, until, user), TruncDate("created_at", tzinfo=UTC)).items()))


def spent_today(user=None) -> Decimal:
    """US dollars since midnight UTC, all users' or one's."""
    midnight = timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return sum((spend.cost for spend in spend_by_day(since=midnight, user=user).values()), Decimal(0))


def _calls(since: datetime, until: datetime | None, user=None) -> QuerySet[AICall]:
    calls = AICall.objects.filter(created_at__gte=since)
    if until is not None:
        calls = calls.filter(created_at__lt=until)
    return calls if user is None else calls.filter(user=user)


def _grouped(calls: QuerySet[AICall], by) -> dict:
    rows = calls.order_by().values(group=by).annotate(**{f"all_{name}": total for name, total in SUMS.items()})
    return {
        row["group"]: Spend(**{name: row[f"all_{name}"] for name in SUMS})
        for row in rows.order_by("-all_cost", "-all_calls")
    }


def median_cost(purpose: str, *, provider: str, model: str) -> Decimal | None:
    """US dollars per job: the median of the last jobs with this `purpose` that this model was asked for and answered.

    None before the first, and when their prices are not known.
    """
    last = AICall.objects.filter(purpose=purpose, provider=provider, model_asked=model, job_id__isnull=False)
    jobs = AICall.objects.filter(pk__in=last.order_by("-pk").values("pk")[:SAMPLE]).order_by().values("job_id")
    sums = jobs.annotate(
        dollars=Sum("cost"), answers=Count("pk", filter=Q(outcome="ok")), unpriced_calls=SUMS["unpriced"]
    )
    costs = sums.filter(answers__gt=0, unpriced_calls=0, dollars__isnull=False).values_list("dollars", flat=True)
    return statistics.median(costs) if costs else None
