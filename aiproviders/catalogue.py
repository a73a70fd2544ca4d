"""The language models that may be chosen: seeded from our list, kept true by the providers' own lists."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from aiproviders import registry, seed
from aiproviders.base import ListedModel
from aiproviders.models.catalogue import LanguageModel

PRICED_AS = {"xai": "x-ai", "google-legacy": "google"}  # genai-prices' names
MILLION = 1_000_000
FROM_SEED = ["label", "context_tokens", "input_price", "output_price", "replaced_by"]
DATED = re.compile(r"-\d{4}-?\d{2}-?\d{2}")  # claude-x-20261101, gpt-x-2026-11-01


def plant() -> None:
    """Bring every line of aiproviders/seed.py into the table. What a provider's own list said about an end stays."""
    with transaction.atomic():
        listed = {row.name for row in LanguageModel.objects.exclude(seen_at=None)}
        rows = [_planted(line) for line in seed.LINES]
        _upsert([row for row in rows if row.name in listed], FROM_SEED)
        _upsert([row for row in rows if row.name not in listed], [*FROM_SEED, "retires_on", "retired"])


def refresh(provider: str, infos: Iterable[ListedModel], *, now: datetime.datetime) -> int:
    """Take over what `provider`'s own list says; returns how many models it names.

    An unknown model is added, to be offered when staff say so. A known one that is not named is marked as missing.
    """
    named = {info.id: info for info in infos}
    with transaction.atomic():
        rows = list(LanguageModel.objects.filter(provider=provider))
        for row in rows:
            _take_over(row, named, now)
        fields = ["context_tokens", "retires_on", "retired", "seen_at", "missing_since"]
        if named:  # an empty list says nothing
            LanguageModel.objects.bulk_update(rows, fields)
        known = {row.model for row in rows}
        LanguageModel.objects.bulk_create(
            [_added(provider, info, now) for info in named.values() if info.id not in known]
        )
    return len(named)


def offered() -> list[LanguageModel]:
    """The models that somebody may choose now."""
    now = timezone.now()
    rows = LanguageModel.objects.filter(offered=True, provider__in=registry.PROVIDERS)
    return [row for row in rows if row.status(now) != "retired"]


def notices(names: Iterable[str]) -> dict[str, str]:
    """A sentence for each of these "provider/model" that is retired or will be within 30 days, and what to do."""
    now, found = timezone.now(), {}
    wanted = set(names)
    for row in LanguageModel.objects.filter(provider__in={name.partition("/")[0] for name in wanted}):
        if row.name in wanted and (said := notice(row, now)):
            found[row.name] = said
    return found


def notice(row: LanguageModel, now: datetime.datetime) -> str:
    """What to know about the end of this model; empty when there is nothing."""
    status = row.status(now)
    if status == "current":
        return ""
    day = f"{row.retires_on.day} {row.retires_on:%b %Y}" if row.retires_on else ""
    if status == "retired":
        said = f"{row.label} is retired" + (f" since {day}" if day else "")
    else:
        said = f"{row.label} retires on {day}" if day else f"{row.label} is missing from its provider's list"
    successor = seed.BY_NAME.get(row.replaced_by)
    return f"{said}. " + (f"Choose {successor.label} instead." if successor else "Choose another model.")


def _planted(line: seed.Line) -> LanguageModel:
    context, input_price, output_price = _priced(line)
    return LanguageModel(
        provider=line.provider,
        model=line.model,
        label=line.label,
        context_tokens=context,
        input_price=input_price,
        output_price=output_price,
        retires_on=line.retires_on,
        replaced_by=line.replaced_by,
        retired=line.gone,
        offered=not line.is_retired(seed.AS_OF),
    )


def _priced(line: seed.Line) -> tuple[int | None, Decimal | None, Decimal | None]:
    """Context in tokens and dollars per million tokens in and out; None where genai-prices does not know."""
    import genai_prices
    from genai_prices.data_snapshot import get_snapshot

    usages = genai_prices.Usage(input_tokens=1000), genai_prices.Usage(output_tokens=1000)
    provider = PRICED_AS.get(line.provider, line.provider)
    try:
        _, model = get_snapshot().find_provider_model(line.model, None, provider, None)
        prices = [
            genai_prices.calc_price(usage, model_ref=line.model, provider_id=provider).total_price for usage in usages
        ]
    except LookupError:
        return None, None, None
    return model.context_window, prices[0] * 1000, prices[1] * 1000


def _upsert(rows: list[LanguageModel], fields: list[str]) -> None:
    LanguageModel.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["provider", "model"], update_fields=fields
    )


def _take_over(row: LanguageModel, named: dict[str, ListedModel], now: datetime.datetime) -> None:
    info = named.get(row.model) or next(
        (
            info
            for name, info in named.items()
            if name.startswith(row.model) and DATED.fullmatch(name[len(row.model) :])
        ),
        None,
    )
    if info is None:
        row.missing_since = row.missing_since or now
        return
    row.seen_at, row.missing_since, row.retired = now, None, False
    row.context_tokens = info.context_tokens or row.context_tokens
    row.retires_on = info.retires_on or row.retires_on


def _added(provider: str, info: ListedModel, now: datetime.datetime) -> LanguageModel:
    return LanguageModel(
        provider=provider,
        model=info.id[:200],
        label=info.id[:200],
        context_tokens=info.context_tokens,
        retires_on=info.retires_on,
        offered=False,
        seen_at=now,
    )
