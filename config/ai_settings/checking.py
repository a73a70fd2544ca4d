"""Checking keys by jobs: a request never waits for a provider."""

from django.contrib.auth import get_user_model

from aiproviders import checks, keynotes, keys
from config.ai_settings.tasks import CHECK
from queues.models import Job
from queues.services import enqueue


def request_check(provider: str, *, user=None, asked_by=None) -> Job:
    """Ask for a check of the key that `user` (None: the house) would pay `provider` with; one at a time."""
    account = keys.account_of(provider)
    args = {"provider": account, "user_id": user and user.pk}
    return enqueue(CHECK, args=args, priority=1, dedupe_key=_dedupe_key(**args), owner=asked_by or user)


def being_checked(providers: list[str], *, user=None) -> set[str]:
    """Those of `providers` whose check waits or runs."""
    names = {_dedupe_key(provider=provider, user_id=user and user.pk): provider for provider in providers}
    open_jobs = Job.objects.open().filter(dedupe_key__in=names).values_list("dedupe_key", flat=True)
    return {names[key] for key in open_jobs}


def check(*, provider: str, user_id: int | None) -> dict:
    """The job's work: at most 10 seconds. Its result says what came of it, and nothing of the key."""
    user = get_user_model().objects.get(pk=user_id) if user_id else None
    found = checks.check(provider, user=user)
    return {"ok": found.ok, "kind": found.kind, "milliseconds": found.milliseconds, "models": found.models}


def lost(*, provider: str, user_id: int | None) -> None:
    """The check ended without a result: say so beside the key."""
    keynotes.check_lost(provider, user_id=user_id)


def _dedupe_key(*, provider: str, user_id: int | None) -> str:
    return f"ai-key-check:{user_id or 'house'}:{provider}"
