"""How the variants of the prompt do, and all commentary together."""

import datetime
import statistics
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Q, Sum

from content.articles.commentary.prompts import VARIANTS
from content.articles.models import Commentary, Source, Vote

MOST_MEASURED = 5000  # the newest; for percentiles


@dataclass
class Results:
    """`written` by a model; `fallbacks`: no model could. Seconds are the model's; `cost` in US dollars."""

    variant: str
    written: int = 0
    from_cache: int = 0
    fallbacks: int = 0
    cost: Decimal = Decimal(0)
    views: int = 0
    helpful: int = 0
    not_helpful: int = 0
    seconds: list[float] = field(default_factory=list, repr=False)

    @property
    def success_rate(self) -> float | None:
        """Of the requests that needed a model, from 0 to 1; None before the first."""
        tried = self.written + self.fallbacks
        return round(self.written / tried, 4) if tried else None

    @property
    def p50(self) -> float | None:
        return percentile(self.seconds, 50)

    @property
    def p95(self) -> float | None:
        return percentile(self.seconds, 95)


def percentile(values: list[float], rank: int) -> float | None:
    """Of at least one value; between two neighbours it is the mean by distance."""
    if len(values) < 2:
        return round(values[0], 3) if values else None
    return round(statistics.quantiles(values, n=100, method="inclusive")[rank - 1], 3)


def by_variant(since: datetime.datetime) -> list[Results]:
    """One entry for each variant that is in use or has results since then; three queries."""
    entries = {variant.name: Results(variant.name) for variant in VARIANTS}
    rows = Commentary.objects.filter(generated_at__gte=since).order_by()
    sums = {"cost": Sum("cost"), "views": Sum("views")}
    counts = {source.value: Count("pk", filter=Q(source=source)) for source in Source}
    for row in rows.values("variant").annotate(**{f"all_{name}": sum_ for name, sum_ in (sums | counts).items()}):
        entry = entries.setdefault(row["variant"], Results(row["variant"]))
        entry.written, entry.from_cache, entry.fallbacks = (row[f"all_{s}"] for s in ("ai", "cache", "fallback"))
        entry.cost, entry.views = row["all_cost"] or Decimal(0), row["all_views"]
    votes = Vote.objects.filter(commentary__generated_at__gte=since).order_by()
    for name, helpful, count in votes.values_list("commentary__variant", "helpful").annotate(count=Count("pk")):
        setattr(entries[name], "helpful" if helpful else "not_helpful", count)
    measured = rows.filter(source=Source.AI, seconds__isnull=False).order_by("-generated_at")
    times = defaultdict(list)
    for name, seconds in measured.values_list("variant", "seconds")[:MOST_MEASURED]:
        times[name].append(seconds)
    for name, entry in entries.items():
        entry.seconds = times[name]
    return list(entries.values())


def together(entries: list[Results]) -> Results:
    """The sum of all variants."""
    total = Results("all")
    for entry in entries:
        for name in ("written", "from_cache", "fallbacks", "cost", "views", "helpful", "not_helpful", "seconds"):
            setattr(total, name, getattr(total, name) + getattr(entry, name))
    return total
