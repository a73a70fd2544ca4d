"""Two devices of one user save at the same time."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from aiproviders import keys
from aiproviders.models import AIKey, AISettings
from config.ai_settings.changes import Wishes, save

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
MODELS = ["openai/gpt-6-luna", "openai/gpt-6.1-sol"]


def test_first_settings_saved_at_once_by_many_are_one_row():
    user = get_user_model().objects.create_user("ada")
    start = threading.Barrier(8)

    def one(number: int) -> None:
        start.wait()
        key = {"openai": f"sk-number-{number}"}
        try:
            save(Wishes(given={"preferred_model"}, preferred_model=MODELS[number % 2], keys=key), user=user)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))

    assert AISettings.objects.get().preferred_model in MODELS
    assert AIKey.objects.count() == 1
    assert keys.resolve("openai", user=user).secret.reveal().startswith("sk-number-")


def test_different_fields_saved_at_once_are_both_kept():
    user = get_user_model().objects.create_user("ada")
    save(Wishes(given={"daily_limit"}, daily_limit=1), user=user)
    start = threading.Barrier(2)

    def one(wishes: Wishes) -> None:
        start.wait()
        try:
            save(wishes, user=user)
        finally:
            connection.close()

    both = [
        Wishes(given={"preferred_model"}, preferred_model=MODELS[0]),
        Wishes(given={"fallbacks"}, fallbacks=[MODELS[1]]),
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, both))

    row = AISettings.objects.get()
    assert (row.preferred_model, row.fallbacks, row.daily_limit) == (MODELS[0], [MODELS[1]], 1)
