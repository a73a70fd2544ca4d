"""Rows to be written by jobs, and how far they are."""

from django.db.models import Count, Max, Q

from benchmarks.app.models import Draft


def make(count: int, latency: str) -> list[int]:
    """`count` drafts whose prompts ask the provider for `latency` ("fixed-2000"); their ids."""
    Draft.objects.all().delete()
    brief = f"[{latency}] Write about 120 words on kitchen compost for people in flats."
    made = Draft.objects.bulk_create([Draft(brief=f"#{number} {brief}") for number in range(count)])
    return [draft.pk for draft in made]


def done() -> tuple[int, float]:
    """How many are written, and when the last one was (epoch seconds)."""
    written = Draft.objects.aggregate(count=Count("pk", filter=Q(finished_at__isnull=False)), last=Max("finished_at"))
    return written["count"], written["last"].timestamp() if written["last"] else 0.0
