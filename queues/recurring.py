"""Recurring jobs: each slot of settings.RECURRING_JOBS becomes one job, however many beats there are.

Beat only says "look". What is due is read off the database's clock, so a message that is lost, late or delivered twice
does no harm; what came due while no beat ran is made up once, by the latest slot.
"""

import datetime
import inspect

from celery.schedules import ParseException, crontab
from django.conf import settings
from django.db import transaction

from queues import clock, kinds, services
from queues.errors import InvalidJob
from queues.models import RecurringJob

SHORTEST = 60  # seconds; beat says "look" twice in that time
LONGEST = 3000  # days: from one 29 February to the next is eight years at most
KEYS = {"kind", "args", "priority", "every", "crontab"}
DAY = datetime.timedelta(days=1)


def enqueue_due() -> list[str]:
    """Ask for the jobs whose slot has come and is not taken; a new name starts at its next. Returns the names."""
    now = clock.now()
    slots = {name: latest_slot(entry, now) for name, entry in settings.RECURRING_JOBS.items()}
    taken = dict(RecurringJob.objects.values_list("name", "slot"))
    new = [RecurringJob(name=name, slot=slots[name]) for name in slots.keys() - taken.keys()]
    RecurringJob.objects.bulk_create(new, ignore_conflicts=True)
    return [name for name, slot in slots.items() if name in taken and taken[name] < slot and _enqueue(name, slot)]


def _enqueue(name: str, slot: datetime.datetime) -> bool:
    """Take the slot and ask for its job, or neither; of all who try, one gets True."""
    entry = settings.RECURRING_JOBS[name]
    with transaction.atomic():
        if not RecurringJob.objects.filter(pk=name, slot__lt=slot).update(slot=slot):
            return False
        key = f"recurring:{name}:{slot:%Y-%m-%dT%H:%M:%SZ}"
        services.enqueue(entry["kind"], args=entry.get("args", {}), priority=entry.get("priority", 5), dedupe_key=key)
    return True


def latest_slot(entry: dict, now: datetime.datetime) -> datetime.datetime:
    """The last moment up to `now` at which this entry was due, in UTC. Raises ValueError if there never was one."""
    if "every" in entry:
        seconds = entry["every"]
        return datetime.datetime.fromtimestamp(now.timestamp() // seconds * seconds, datetime.UTC)
    cron = crontab.from_string(entry["crontab"])
    for days in range(LONGEST):
        day = (now.astimezone(datetime.UTC) - days * DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        weekday = day.isoweekday() % 7
        if day.month in cron.month_of_year and day.day in cron.day_of_month and weekday in cron.day_of_week:
            moments = (day.replace(hour=hour, minute=minute) for hour in cron.hour for minute in cron.minute)
            if latest := max((moment for moment in moments if moment <= now), default=None):
                return latest
    raise ValueError("there is no such day")


def problem(name: str, entry: dict) -> str:
    """What is wrong with an entry of RECURRING_JOBS; empty when nothing is."""
    if len(name) > RecurringJob._meta.pk.max_length:
        return "its name is too long"
    if not isinstance(entry, dict) or not entry.keys() <= KEYS or "kind" not in entry:
        return f"must be a dict with 'kind' and, of the rest, only {', '.join(sorted(KEYS))}"
    if ("every" in entry) == ("crontab" in entry):
        return "needs either 'every' or 'crontab'"
    every = entry.get("every", SHORTEST)
    if isinstance(every, bool) or not isinstance(every, int) or every < SHORTEST:
        return f"'every' must be whole seconds, at least {SHORTEST}, not {every!r}"
    try:
        latest_slot(entry, datetime.datetime.now(datetime.UTC))
    except (ParseException, ValueError, TypeError, AttributeError) as error:
        return f"'crontab' {entry.get('crontab')!r} is not five fields that name a moment: {error}"
    args = entry.get("args", {})
    try:
        services._checked(entry["kind"], args=args, priority=entry.get("priority", 5), dedupe_key="", run_at=None)
        inspect.signature(kinds.find(entry["kind"]).function).bind(None, **args)
    except (InvalidJob, TypeError) as error:
        return str(error)
    return ""
