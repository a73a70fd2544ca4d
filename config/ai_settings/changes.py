"""Saves what a user chose: all of it, or, with the fields named, nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from aiproviders import catalogue, keys, offer
from aiproviders.models import AISettings
from aiproviders.secret import InvalidKey, clean_key

MOST_FALLBACKS = 5


class Refused(ValueError):
    """What is wrong, by field: a text, or for keys and fallbacks a text by provider or position. Echoes no input."""

    def __init__(self, faults: dict) -> None:
        self.faults = faults
        super().__init__("Some fields need attention.")


@dataclass
class Wishes:
    """What to change; a field that is not in `given` stays as it is. A key of None is removed, an empty one kept."""

    given: set[str]
    preferred_model: str = ""
    fallbacks: list[str] = field(default_factory=list)
    daily_limit: Decimal | None = None
    keys: Mapping[str, str | None] = field(default_factory=dict)


def save(wishes: Wishes, *, user) -> list[str]:
    """Store the wishes of `user`; returns notices about models that were replaced. Raises Refused: nothing stored."""
    row = AISettings.objects.filter(user=user).first() or AISettings(user=user)
    values, faults, notices = _checked(wishes, row)
    if faults:
        raise Refused(faults)
    with transaction.atomic():
        if values:
            AISettings.objects.update_or_create(user=user, defaults=values)
        for provider, text in wishes.keys.items():
            if text is None:
                keys.remove(provider, user=user)
            elif text.strip():
                keys.save(provider, text, user=user)
    return notices


def _checked(wishes: Wishes, row: AISettings) -> tuple[dict, dict, list[str]]:
    """The columns to change, what is wrong by field, and notices about models that were replaced."""
    values, faults, notices = {}, _faults_of_keys(wishes.keys), []
    kept = {name for name in (row.preferred_model, *row.fallbacks) if name}  # what was chosen once may stay
    allowed = {model.name for model in catalogue.offered()} | kept
    if "preferred_model" in wishes.given:
        values["preferred_model"], fault = _model(wishes.preferred_model, allowed, notices)
        faults |= {"preferred_model": fault} if fault else {}
    if "fallbacks" in wishes.given:
        names, wrong = _models(wishes.fallbacks, allowed, notices)
        values["fallbacks"] = [name for name in names if name != values.get("preferred_model", row.preferred_model)]
        faults |= {"fallbacks": wrong} if wrong else {}
    if "daily_limit" in wishes.given:
        values["daily_limit"] = wishes.daily_limit
    return values, faults, notices


def fault_of_names(names: Iterable[str]) -> str:
    """What is wrong with these names of providers; empty when nothing is. Does not repeat them."""
    known = keys.accounts()
    return "" if set(names) <= set(known) else f"One of the names is no provider; known: {', '.join(known)}."


def _faults_of_keys(given: Mapping[str, str | None]) -> dict:
    faults = {}
    if fault := fault_of_names(given):
        return {"keys": {"unknown": fault}}
    for provider, text in given.items():
        if text and text.strip():
            try:
                clean_key(text)
            except InvalidKey as error:
                faults[provider] = str(error)
    return {"keys": faults} if faults else {}


def _models(names: list[str], allowed: set[str], notices: list[str]) -> tuple[list[str], dict | str]:
    if len(names) > MOST_FALLBACKS:
        return [], f"At most {MOST_FALLBACKS} models."
    found = [_model(name, allowed, notices) for name in names]
    chosen = [name for name, _ in found if name]
    return list(dict.fromkeys(chosen)), {position: fault for position, (_, fault) in enumerate(found) if fault}


def _model(name: str, allowed: set[str], notices: list[str]) -> tuple[str, str]:
    """The full name of the model that is to be stored, or what is wrong with it. A retired one gives its successor."""
    if not name:
        return "", ""
    try:
        choice = offer.pick(name, allowed)
    except offer.NotOffered as error:
        return "", str(error)
    if choice.notice:
        notices.append(choice.notice)
    return str(choice), ""
