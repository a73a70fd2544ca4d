import pytest

from aiproviders import keynotes, keys
from aiproviders.keynotes import note
from aiproviders.models import AIKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def credential(monkeypatch) -> keys.Credential:
    monkeypatch.setattr(keynotes, "_noted", {})
    keys.save("openai", "sk-the-houses-own")
    return keys.resolve("openai")


def used_at():
    return AIKey.objects.get().last_used_at


def test_the_first_use_is_noted_and_the_next_ones_cost_no_write(credential, django_assert_num_queries):
    note(credential, "ok")
    row = AIKey.objects.get()
    assert row.last_used_at is not None and row.last_used_at == row.last_ok_at
    with django_assert_num_queries(0):
        note(credential, "ok")
        note(credential, "timeout")


def test_a_use_a_minute_later_is_noted_again(credential, monkeypatch):
    note(credential, "ok")
    first = used_at()
    monkeypatch.setattr(keynotes, "EVERY_SECONDS", 0.0)
    note(credential, "ok")
    assert used_at() > first


def test_the_first_use_of_a_key_that_took_its_place_is_noted_too(credential):
    note(credential, "ok")
    keys.save("openai", "sk-the-houses-next")
    assert used_at() is None
    note(keys.resolve("openai"), "ok")
    assert used_at() is not None


def test_what_speaks_against_the_key_is_noted_at_once_and_so_is_its_recovery(credential):
    note(credential, "ok")
    note(credential, "auth")
    assert AIKey.objects.get().last_error_kind == "auth"
    note(credential, "ok")
    assert AIKey.objects.get().last_error_kind == ""


def test_an_outage_says_nothing_about_the_key(credential):
    note(credential, "server")
    assert used_at() is not None and AIKey.objects.get().last_error_kind == ""


def test_a_key_from_the_settings_has_no_row_to_note_it_in(settings, django_assert_num_queries):
    with django_assert_num_queries(0):
        note(keys.Credential(None, "house", "f"), "auth")
