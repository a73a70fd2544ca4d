"""`manage.py rotate_ai_keys`: nothing is lost, whatever else happens at the same time."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from aiproviders import keys, rotation, vault
from aiproviders.models import AIKey

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.fixture
def users(db):
    return [get_user_model().objects.create_user(f"user{number}") for number in range(5)]


@pytest.fixture
def sealed_under_the_old(users, settings):
    settings.AI_KEY_ENCRYPTION_KEYS = [OLD]
    for user in users:
        keys.save("openai", f"sk-key-of-{user.pk}", user=user)
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW, OLD]
    return users


def rotated() -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("rotate_ai_keys", stdout=out, stderr=err)
    except CommandError as error:
        err.write(f"{error} ({error.returncode})")
    return out.getvalue().strip(), err.getvalue().strip()


def readable(user) -> str:
    return keys.resolve("openai", user=user).secret.reveal()


def test_after_a_rotation_the_old_encryption_key_is_needed_no_more(sealed_under_the_old, settings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)

    assert rotated() == ("5 sealed anew, 0 already were, 0 cannot be read", "")
    assert rotated() == ("0 sealed anew, 5 already were, 0 cannot be read", "")
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW]
    for user in sealed_under_the_old:
        found = keys.resolve("openai", user=user)
        assert found.secret.reveal() == f"sk-key-of-{user.pk}"
        assert found.fingerprint == vault.fingerprint(found.secret)


def test_a_row_nobody_can_read_is_reported_and_left_as_it_is(sealed_under_the_old, settings):
    first, second, *others = AIKey.objects.order_by("pk")
    settings.AI_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    unknown = vault.seal(keys.Secret("sk-canary-unknown"), owner=first.sealed_for)
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW, OLD]
    AIKey.objects.filter(pk=first.pk).update(token=unknown)
    AIKey.objects.filter(pk=second.pk).update(token=others[0].token)

    out, err = rotated()

    assert out == "3 sealed anew, 0 already were, 2 cannot be read"
    assert "AI_KEY_ENCRYPTION_KEYS does not have" in err and "somebody else" in err and "(2)" in err
    assert "canary" not in out + err
    assert AIKey.objects.get(pk=first.pk).token == unknown
    assert AIKey.objects.get(pk=second.pk).token == others[0].token


def test_a_key_saved_between_reading_and_writing_is_kept(sealed_under_the_old, monkeypatch):
    user = sealed_under_the_old[0]
    seal, saved = vault.seal, []

    def save_meanwhile(secret, *, owner):
        if not saved and owner == f"user:{user.pk}/openai":
            saved.append(True)
            keys.save("openai", "sk-saved-meanwhile", user=user)
        return seal(secret, owner=owner)

    monkeypatch.setattr(vault, "seal", save_meanwhile)
    rotated()

    assert saved
    assert readable(user) == "sk-saved-meanwhile"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_rotation_under_load_loses_nothing(settings):
    """Users save and use keys, some still under the old encryption key, while two rotations run again and again."""
    users = [get_user_model().objects.create_user(f"user{number}") for number in range(8)]
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW, OLD]
    for user in users:
        keys.save("openai", f"sk-{user.pk}-start", user=user)
    done = threading.Event()

    def save_and_read(user) -> list[str]:
        faults = []
        for number in range(25):
            text = f"sk-{user.pk}-{number:03}"
            row = keys.save("openai", text, user=user)
            if number % 2:  # as a process does that knows the old encryption key only; nobody else writes this row
                token = Fernet(OLD).encrypt(Fernet(NEW).decrypt(row.token.encode())).decode()
                AIKey.objects.filter(pk=row.pk).update(token=token)
            if readable(user) != text:
                faults.append(text)
        connection.close()
        return faults

    def rotate_on() -> int:
        resealed = 0
        while not done.is_set():
            resealed += rotation.rotate().resealed
        connection.close()
        return resealed

    with ThreadPoolExecutor(10) as pool:
        rotations = [pool.submit(rotate_on) for _ in range(2)]
        saves = [pool.submit(save_and_read, user) for user in users]
        faults = [fault for save in saves for fault in save.result(timeout=120)]
        done.set()
        resealed = sum(rotation_.result(timeout=60) for rotation_ in rotations)

    assert not faults
    assert resealed > 0
    assert not rotation.rotate().unreadable
    settings.AI_KEY_ENCRYPTION_KEYS = [NEW]
    assert [readable(user) for user in users] == [f"sk-{user.pk}-024" for user in users]
