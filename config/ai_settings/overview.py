"""What a user's AI settings are, for the page and the API alike. Holds no key and nothing it could be made from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from aiproviders import catalogue, checks, keys, registry
from aiproviders.base import ModelChoice
from aiproviders.choice import choose, default_model
from aiproviders.errors import ProviderError
from aiproviders.models import AIKey, AISettings, LanguageModel
from aiproviders.selectors import spent_today
from config.ai_settings import checking


@dataclass(frozen=True)
class KeyLine:
    """One provider and the user's key for it. `check`: none, unchecked, checking, ok or failed."""

    provider: str
    name: str
    row: AIKey | None
    check: str
    advice: str
    house_pays: bool

    @property
    def told_at(self) -> datetime | None:
        """When the provider was last asked with this key, by a check or by work."""
        moments = [self.row.last_checked_at, self.row.last_used_at] if self.row else []
        return max(filter(None, moments), default=None)


@dataclass(frozen=True)
class ModelLine:
    """One model that may be chosen. `usable`: somebody's key pays for it."""

    row: LanguageModel
    provider_name: str
    status: str
    notice: str
    usable: bool

    @property
    def price(self) -> str:
        """What a million tokens cost, in words."""
        read, written = self.row.input_price, self.row.output_price
        if read is None or written is None:
            return "price unknown"
        return f"${read.normalize():f} in, ${written.normalize():f} out per million tokens"


@dataclass(frozen=True)
class Overview:
    """`house_model` writes when the user prefers none; `notices` are about the models that the user chose."""

    preferred_model: str
    fallbacks: list[str]
    daily_limit: Decimal | None
    spent_today: Decimal
    house_model: ModelChoice
    models: list[ModelLine]
    keys: list[KeyLine]
    notices: list[str]


def overview(user) -> Overview:
    """Everything that GET answers with and the page shows."""
    chosen = AISettings.objects.filter(user=user).first() or AISettings(user=user)
    lines = key_lines(user)
    paid = {line.provider for line in lines if line.row or line.house_pays}
    now = timezone.now()
    named = [name for name in (chosen.preferred_model, *chosen.fallbacks) if name]
    return Overview(
        preferred_model=chosen.preferred_model,
        fallbacks=chosen.fallbacks,
        daily_limit=chosen.daily_limit,
        spent_today=spent_today(user),
        house_model=default_model(),
        models=[_model_line(row, paid, now) for row in catalogue.offered()],
        keys=lines,
        notices=[*catalogue.notices(named).values(), *_without_key(named, paid)],
    )


def key_lines(user) -> list[KeyLine]:
    """One line per provider that takes keys."""
    accounts = keys.accounts()
    rows = {row.provider: row for row in AIKey.objects.filter(user=user)}
    lent = keys.lent_to(user)
    open_checks = checking.being_checked(list(rows), user=user) if rows else set()
    lines = []
    for provider in accounts:
        row = rows.get(provider)
        check, advice = _check(row, provider in open_checks)
        name = registry.entry(provider).label
        lines.append(KeyLine(provider, name, row, check, advice, house_pays=not row and provider in lent))
    return lines


def _check(row: AIKey | None, is_open: bool) -> tuple[str, str]:
    if row is None:
        return "none", ""
    if is_open:
        return "checking", ""
    if row.last_error_kind:
        return "failed", checks.advice(row.last_error_kind)
    return ("ok" if row.last_ok_at else "unchecked"), ""


def _model_line(row: LanguageModel, paid: set[str], now: datetime) -> ModelLine:
    return ModelLine(
        row=row,
        provider_name=registry.entry(row.provider).label,
        status=row.status(now),
        notice=catalogue.notice(row, now),
        usable=keys.account_of(row.provider) in paid,
    )


def _without_key(names: list[str], paid: set[str]) -> list[str]:
    """A sentence for each chosen model that nobody's key pays for."""
    said = []
    for name in names:
        try:
            choice = choose(name)
        except ProviderError:
            said.append(f"{name} cannot be used any more: its provider is gone. Choose another model.")
            continue
        if keys.takes_key(choice.provider) and keys.account_of(choice.provider) not in paid:
            said.append(f"{name} cannot be used: there is no key for {registry.entry(choice.provider).label}.")
    return said
