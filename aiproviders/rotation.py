"""Seals all that is sealed anew under the first encryption key, while everybody goes on saving and using it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.apps import apps

from aiproviders import vault
from aiproviders.models.keys import AIKey
from aiproviders.models.sealed import Sealed

BATCH = 200
TRIES = 10


@dataclass
class Rotated:
    """`unreadable` says of each row that was left as it is, why."""

    resealed: int = 0
    current: int = 0
    unreadable: list[str] = field(default_factory=list)


def rotate() -> Rotated:
    """Reseal what is sealed under another than the first encryption key; rows that cannot be read stay as they are."""
    done = Rotated()
    for row in _rows():
        fault = ""
        try:
            resealed = _reseal(row)
        except vault.Unreadable as error:
            fault = str(error)
        if fault:
            done.unreadable.append(f"{row}: {fault}")
        elif resealed:
            done.resealed += 1
        else:
            done.current += 1
    return done


def _rows() -> Iterator[Sealed]:
    for model in apps.get_models():
        if issubclass(model, Sealed):
            yield from _rows_of(model)


def _rows_of(model: type[Sealed]) -> Iterator[Sealed]:
    last = 0
    while batch := list(model.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        yield from batch
        last = batch[-1].pk


def _reseal(row: Sealed) -> bool:
    """False when there was nothing to do. A key saved meanwhile is never overwritten: it is looked at again."""
    for _ in range(TRIES):
        secret = vault.unseal(row.token, owner=row.sealed_for)
        if vault.is_current(row.token):
            return False
        values = {"token": vault.seal(secret, owner=row.sealed_for)}
        if isinstance(row, AIKey):
            values["fingerprint"] = vault.fingerprint(secret)
        rows = type(row).objects
        if rows.filter(pk=row.pk, token=row.token).update(**values):
            return True
        fresh = rows.filter(pk=row.pk).first()
        if fresh is None:
            return False
        row = fresh
    return False
