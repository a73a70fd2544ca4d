import logging

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth import get_user_model

from aiproviders import keynotes, keys
from aiproviders.errors import ProviderError
from aiproviders.models import AIKey
from aiproviders.secret import InvalidKey, Secret

KEY, OTHER = "sk-canary-7f3a91c0", "sk-other-112233aa"


@pytest.fixture
def ada(db):
    return get_user_model().objects.create_user("ada")


@pytest.fixture
def bob(db):
    return get_user_model().objects.create_user("bob", is_staff=True)


def resolved(**options):
    found = keys.resolve("openai", **options)
    return found.scope, found.secret and found.secret.reveal()


def test_an_explicit_key_comes_first_then_the_users_then_the_houses(ada, settings):
    settings.OPENAI_API_KEY = "sk-from-settings"
    assert resolved(user=ada) == ("house", "sk-from-settings")
    keys.save("openai", "sk-house-row")
    assert resolved(user=ada) == resolved() == ("house", "sk-house-row")
    keys.save("openai", KEY, user=ada)
    assert resolved(user=ada) == ("user", KEY)
    assert resolved(user=ada, key=Secret(OTHER)) == ("explicit", OTHER)
    assert resolved() == ("house", "sk-house-row")


def test_nobody_gets_somebody_elses(ada, bob):
    keys.save("openai", KEY, user=ada)

    with pytest.raises(ProviderError) as caught:
        keys.resolve("openai", user=bob)

    assert caught.value.kind == "no_key"
    for way in ("/admin/settings/ai", "house key", "OPENAI_API_KEY"):
        assert way in caught.value.message


@pytest.mark.parametrize(("lent_to", "allowed"), [("everyone", "ada bob"), ("staff", "bob"), ("nobody", "")])
def test_the_house_lends_its_key_to_whom_it_says(ada, bob, settings, lent_to, allowed):
    settings.OPENAI_API_KEY, settings.AI_HOUSE_KEYS_FOR = KEY, lent_to
    keys.save("openai", OTHER)

    for user in (ada, bob):
        if user.username in allowed:
            assert resolved(user=user) == ("house", OTHER)
        else:
            with pytest.raises(ProviderError, match="does not lend"):
                keys.resolve("openai", user=user)
    assert resolved() == ("house", OTHER)


def test_without_any_key_the_environment_is_not_asked(db, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    with pytest.raises(ProviderError, match="OPENAI_API_KEY"):
        keys.resolve("openai")


@pytest.mark.parametrize("provider", ["local", "extract"])
def test_a_provider_without_keys_needs_none(provider):
    assert keys.resolve(provider) == keys.Credential(None, "none", "")


def test_the_built_in_server_has_its_own_key(settings):
    settings.LOCAL_LLM_KEY = KEY
    settings.AI_HOUSE_KEYS_FOR = "nobody"

    assert keys.resolve("local").secret.reveal() == KEY


@pytest.mark.parametrize("damage", ["\n", " ", "\x00", "ü"])
def test_a_malformed_key_in_the_settings_is_refused(db, settings, damage):
    settings.OPENAI_API_KEY = KEY + damage

    with pytest.raises(ProviderError) as caught:
        keys.resolve("openai")

    assert caught.value.kind == "auth"
    assert "canary" not in str(caught.value)


def test_a_new_key_takes_the_place_of_the_old_and_forgets_what_was_known_of_it(ada):
    keys.save("openai", KEY, user=ada)
    keynotes.note(keys.resolve("openai", user=ada), "auth")
    keys.save("openai", f" {OTHER}\n", user=ada)

    row = AIKey.objects.get()
    assert resolved(user=ada) == ("user", OTHER)
    assert (row.last_four, row.last_error_kind, row.last_used_at) == ("33aa", "", None)


def test_nothing_is_stored_of_a_malformed_key(ada):
    with pytest.raises(InvalidKey):
        keys.save("openai", "two words", user=ada)

    assert not AIKey.objects.exists()


def test_a_removed_key_is_gone(ada):
    keys.save("openai", KEY, user=ada)

    assert keys.remove("openai", user=ada)
    assert not keys.remove("openai", user=ada)
    assert not AIKey.objects.exists()


def test_a_late_note_about_the_replaced_key_does_not_stick_to_the_new_one(ada):
    keys.save("openai", KEY, user=ada)
    old = keys.resolve("openai", user=ada)
    keys.save("openai", OTHER, user=ada)

    keynotes.note(old, "auth")

    assert AIKey.objects.get().last_error_kind == ""


def test_the_same_key_has_the_same_fingerprint_whoever_gives_it(ada, bob, settings):
    keys.save("openai", KEY, user=ada)
    keys.save("openai", KEY, user=bob)
    settings.OPENAI_API_KEY = KEY

    found = {keys.resolve("openai", user=user).fingerprint for user in (ada, bob, None)}
    assert len(found | {keys.resolve("openai", key=Secret(KEY)).fingerprint}) == 1


def test_rows_swapped_between_users_are_refused_reported_and_left_alone(ada, bob, settings, caplog):
    settings.OPENAI_API_KEY = "sk-house-may-not-jump-in"
    keys.save("openai", KEY, user=ada)
    keys.save("openai", OTHER, user=bob)
    stolen = AIKey.objects.get(user=ada).token
    AIKey.objects.filter(user=bob).update(token=stolen)

    with caplog.at_level(logging.ERROR), pytest.raises(ProviderError, match="somebody else") as caught:
        keys.resolve("openai", user=bob)

    row = AIKey.objects.get(user=bob)
    assert (caught.value.kind, row.token, row.last_error_kind) == ("no_key", stolen, "unreadable")
    assert "somebody else" in caplog.text


def test_a_row_under_an_unknown_encryption_key_is_reported_and_left_alone(ada, settings):
    keys.save("openai", KEY, user=ada)
    token = AIKey.objects.get().token
    settings.AI_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(ProviderError, match="AI_KEY_ENCRYPTION_KEYS"):
        keys.resolve("openai", user=ada)

    row = AIKey.objects.get()
    assert (row.token, row.last_error_kind) == (token, "unreadable")


def test_no_column_holds_the_key(ada):
    keys.save("openai", KEY, user=ada)

    assert KEY not in repr(AIKey.objects.values().get())
    assert "canary" not in str(AIKey.objects.get())
