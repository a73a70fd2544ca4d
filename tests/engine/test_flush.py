"""Each test with `transaction=True` finds the database as post_migrate leaves it, whatever the one before has done."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.core.management.commands import flush
from django.db import models

from queues.models import Queue
from tests.engine.models import Effect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
OPTIONS = {"interactive": False, "verbosity": 0, "reset_sequences": False}


def content() -> dict[str, list]:
    """All rows, without their numbers and times."""
    return {model._meta.label: told(model) for model in apps.get_models(include_auto_created=True)}


def told(model: type) -> list[str]:
    left_out = (models.AutoField, models.ForeignKey, models.DateTimeField)
    names = [field.attname for field in model._meta.concrete_fields if not isinstance(field, left_out)]
    return sorted(map(str, model._base_manager.values_list(*names)))


def test_it_leaves_what_the_flush_of_django_leaves():
    call_command(flush.Command(), **OPTIONS)
    wanted = content()
    for _ in range(2):
        Queue.objects.update(paused=True)
        Queue.objects.first().delete()
        Permission.objects.first().delete()
        Group.objects.create(name="desk").permissions.set(Permission.objects.all())
        Effect.objects.create(name="left behind")
        assert content() != wanted
        call_command("flush", **OPTIONS)
        assert content() == wanted
