import pytest
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.urls import reverse

from aiproviders import keys
from aiproviders.models import AIKey
from queues.models import Job
from tests.config.ai_settings.conftest import CANARY

LIST = reverse("admin:aiproviders_aikey_changelist")
ADD = reverse("admin:aiproviders_aikey_add")


def page_of(row: AIKey, what: str = "change") -> str:
    return reverse(f"admin:aiproviders_aikey_{what}", args=[row.pk])


@pytest.fixture
def row(ada) -> AIKey:
    return keys.save("openai", CANARY, user=ada)


def test_staff_add_a_key_of_the_house(admin_client):
    answer = admin_client.post(ADD, {"provider": "openai", "key": f" {CANARY}\n"}, follow=True)

    assert answer.status_code == 200
    assert keys.resolve("openai").secret.reveal() == CANARY
    assert "the house" in answer.content.decode() and "c0d2" in answer.content.decode()
    assert CANARY not in answer.content.decode()


def test_a_key_is_shown_nowhere(admin_client, row):
    for address in (LIST, page_of(row), page_of(row, "history"), page_of(row, "delete"), "/admin/"):
        page = admin_client.get(address).content.decode()
        assert CANARY not in page and row.token not in page and row.fingerprint not in page
    assert 'type="password"' in admin_client.get(page_of(row)).content.decode()


def test_staff_replace_a_key_without_seeing_it(admin_client, row, ada):
    admin_client.post(page_of(row), {"key": "sk-another-key"})

    assert keys.resolve("openai", user=ada).secret.reveal() == "sk-another-key"
    entry = LogEntry.objects.get()
    assert "another" not in f"{entry.change_message} {entry.object_repr}"


@pytest.mark.parametrize("wrong", ["", "abc", f"{CANARY} {CANARY}", f"{CANARY}\0", CANARY * 40])
def test_a_wrong_key_is_refused_and_not_shown_again(admin_client, row, ada, wrong):
    for address, data in ((page_of(row), {"key": wrong}), (ADD, {"provider": "openai", "key": wrong})):
        answer = admin_client.post(address, data)
        assert answer.status_code == 200
        assert "errorlist" in answer.content.decode()
        assert "canary" not in answer.content.decode()
    assert keys.resolve("openai", user=ada).secret.reveal() == CANARY
    assert AIKey.objects.count() == 1


def test_a_second_key_of_the_house_is_refused(admin_client, db):
    keys.save("openai", CANARY)

    answer = admin_client.post(ADD, {"provider": "openai", "key": "sk-second-key"})

    assert "replace that one" in answer.content.decode()
    assert keys.resolve("openai").secret.reveal() == CANARY


def test_a_key_pasted_as_the_provider_is_not_repeated(admin_client, db):
    answer = admin_client.post(ADD, {"provider": CANARY, "key": CANARY})

    assert "Choose one of the providers." in answer.content.decode()
    assert CANARY not in answer.content.decode()
    assert not AIKey.objects.exists()


def test_staff_remove_a_key(admin_client, row):
    admin_client.post(page_of(row, "delete"), {"post": "yes"})

    assert not AIKey.objects.exists()


def test_who_may_only_look_sees_no_field_for_a_key(client, row, ada):
    ada.user_permissions.add(Permission.objects.get(codename="view_aikey"))
    client.force_login(get_user_model().objects.get(pk=ada.pk))

    assert 'type="password"' not in client.get(page_of(row)).content.decode()
    assert client.post(page_of(row), {"key": "sk-another-key"}).status_code == 403
    client.post(LIST, {"action": "check_keys", "_selected_action": row.pk})
    assert not Job.objects.exists()
    assert keys.resolve("openai", user=ada).secret.reveal() == CANARY


def test_a_row_nobody_can_read_is_flagged(admin_client, row, settings):
    settings.AI_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    assert "Cannot be read: it was sealed under an encryption key" in admin_client.get(LIST).content.decode()
    assert AIKey.objects.get().token == row.token


def test_selected_keys_are_checked_by_jobs(admin_client, row, ada):
    house = keys.save("openai", "sk-of-the-house")

    admin_client.post(LIST, {"action": "check_keys", "_selected_action": [row.pk, house.pk]})

    assert {job.args["user_id"] for job in Job.objects.all()} == {ada.pk, None}
