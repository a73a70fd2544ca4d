from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from aiproviders.models import AICall


@dataclass(frozen=True)
class Spend:
    """US dollars and tokens. `unpriced` calls used tokens at a price we do not know, so `cost` is at least."""

    cost: Decimal
    calls: int
    input_tokens: int
    output_tokens: int
    unpriced: int


def spend(job_ids: Iterable[UUID]) -> Spend:
    """What the attempts of these jobs cost together, failed ones included."""
    sums = AICall.objects.filter(job_id__in=list(job_ids)).aggregate(
        dollars=Coalesce(Sum("cost"), Decimal(0)),
        calls=Count("id"),
        read=Coalesce(Sum("input_tokens"), 0),
        written=Coalesce(Sum("output_tokens"), 0),
        unpriced=Count("id", filter=Q(cost=None, output_tokens__isnull=False)),
    )
    return Spend(
        cost=sums["dollars"],
        calls=sums["calls"],
        input_tokens=sums["read"],
        output_tokens=sums["written"],
        unpriced=sums["unpriced"],
    )
