import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from aiproviders import keynotes, keys
from aiproviders.models import AIKey, AISettings
from queues.models import Job
from tests.config.ai_settings.conftest import CANARY

PAGE = "/admin/settings/ai"


def text_of(answer) -> str:
    return " ".join(answer.content.decode().split())


def chosen(**changes) -> dict:
    return {"preferred_model": "", "fallback_0": "", "fallback_1": "", "fallback_2": "", "daily_limit": ""} | changes


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/"])
def test_staff_see_their_settings(desk, path):
    answer = desk.get(path)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    for words in ("GPT-6 Luna", "OpenAI", "None: its models cannot be used", "Save model, fallbacks and limit"):
        assert words in text_of(answer)


def test_nothing_in_it_breaks_the_content_security_policy(desk, ada):
    keys.save("openai", CANARY, user=ada)
    page = text_of(desk.get(PAGE))

    assert " style=" not in page and "<style" not in page
    assert " onclick" not in page and "<script>" not in page


def test_others_are_sent_to_the_log_in(client, db):
    client.force_login(get_user_model().objects.create_user("customer"))

    for answer in (client.get(PAGE), client.post(f"{PAGE}/keys/openai", {"key": CANARY})):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")
    assert not AIKey.objects.exists()


def test_a_form_of_another_site_changes_nothing(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)

    assert client.post(f"{PAGE}/keys/openai", {"key": CANARY}).status_code == 403
    assert client.post(PAGE, chosen(daily_limit="1")).status_code == 403
    assert not AIKey.objects.exists() and not AISettings.objects.exists()


def test_model_fallbacks_and_limit_are_saved(desk, ada):
    wishes = chosen(
        preferred_model="openai/gpt-6-luna", fallback_0="openai/gpt-6.1-sol", fallback_2="openai/gpt-6.1-terra",
        daily_limit="2.50",
    )  # fmt: skip
    answer = desk.post(PAGE, wishes, follow=True)

    row = AISettings.objects.get(user=ada)
    assert row.fallbacks == ["openai/gpt-6.1-sol", "openai/gpt-6.1-terra"]
    assert (row.preferred_model, str(row.daily_limit)) == ("openai/gpt-6-luna", "2.50")
    assert "Saved." in text_of(answer)
    assert '<option value="openai/gpt-6.1-sol" selected>' in text_of(answer)


def test_emptied_fields_are_the_houses_choice_again(desk, ada):
    AISettings.objects.create(user=ada, preferred_model="openai/gpt-6-luna", fallbacks=["openai/gpt-5"], daily_limit=1)

    desk.post(PAGE, chosen())

    row = AISettings.objects.get(user=ada)
    assert (row.preferred_model, row.fallbacks, row.daily_limit) == ("", [], None)


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"preferred_model": "openai/nothing"}, "id_preferred_model"),
        ({"fallback_1": "openai/nothing"}, "id_fallback_1"),
        ({"daily_limit": "-1"}, "id_daily_limit"),
        ({"daily_limit": "much"}, "id_daily_limit"),
        ({"preferred_model": CANARY}, "id_preferred_model"),
        ({"daily_limit": CANARY}, "id_daily_limit"),
    ],
)
def test_a_wrong_field_is_pointed_at_and_nothing_is_saved(desk, wrong, where):
    answer = desk.post(PAGE, chosen(fallback_0="openai/gpt-6-luna") | wrong)

    assert answer.status_code == 400
    assert f'<a href="#{where}">' in text_of(answer)
    assert "Nothing was saved yet" in text_of(answer)
    assert CANARY not in text_of(answer)
    assert not AISettings.objects.exists()


def test_a_key_is_saved_and_only_its_end_is_shown(desk, ada):
    answer = desk.post(f"{PAGE}/keys/openai", {"key": f" {CANARY}\n"}, follow=True)

    assert keys.resolve("openai", user=ada).secret.reveal() == CANARY
    assert "Ends in <b>c0d2</b>" in text_of(answer)
    assert "Not checked yet." in text_of(answer)
    assert CANARY not in text_of(answer)


@pytest.mark.parametrize("wrong", ["", "  ", "abc", f"{CANARY} {CANARY}", f"{CANARY}\0", CANARY * 40, CANARY + "é"])
def test_a_wrong_key_is_not_saved_and_not_shown_again(desk, ada, wrong):
    keys.save("openai", "sk-the-old-one", user=ada)

    answer = desk.post(f"{PAGE}/keys/openai", {"key": wrong})

    assert answer.status_code == 400
    assert "Nothing was saved." in text_of(answer)
    assert "canary" not in text_of(answer)
    assert keys.resolve("openai", user=ada).secret.reveal() == "sk-the-old-one"


def test_a_check_shows_as_running_until_its_job_is_done(desk, ada):
    keys.save("openai", CANARY, user=ada)

    answer = desk.post(f"{PAGE}/keys/openai/check", follow=True)

    assert Job.objects.get().args == {"provider": "openai", "user_id": ada.pk}
    assert "Checking. This takes at most 10 seconds." in text_of(answer)
    Job.objects.update(state="completed")
    credential = keys.resolve("openai", user=ada)
    keynotes.checked(credential, "auth")
    assert "The provider refused this key. Replace it" in text_of(desk.get(PAGE))
    keynotes.checked(credential, "")
    assert "Works. Checked" in text_of(desk.get(PAGE))


def test_a_key_is_removed(desk, ada):
    keys.save("openai", CANARY, user=ada)

    answer = desk.post(f"{PAGE}/keys/openai/remove", follow=True)

    assert not AIKey.objects.exists()
    assert "The key for OpenAI is removed." in text_of(answer)


@pytest.mark.parametrize("action", ["", "/check", "/remove"])
def test_what_does_not_exist_is_not_found_and_looking_changes_nothing(desk, ada, action):
    keys.save("openai", CANARY, user=ada)

    assert desk.post(f"{PAGE}/keys/nobody{action}", {"key": CANARY}).status_code == 404
    assert desk.get(f"{PAGE}/keys/openai{action}").status_code == 405
    assert AIKey.objects.count() == 1
    assert not Job.objects.exists()


def test_a_check_without_a_key_says_so(desk):
    assert "There is no key for OpenAI to check." in text_of(desk.post(f"{PAGE}/keys/openai/check", follow=True))
    assert not Job.objects.exists()


def test_a_chosen_model_without_a_key_is_pointed_out(desk, ada):
    AISettings.objects.create(user=ada, preferred_model="openai/gpt-6-luna")

    assert "openai/gpt-6-luna cannot be used: there is no key for OpenAI." in text_of(desk.get(PAGE))
    keys.save("openai", CANARY, user=ada)
    assert "cannot be used: there is no key" not in text_of(desk.get(PAGE))


def test_saving_the_limit_does_not_drop_a_model_that_is_not_on_the_list(desk, ada):
    AISettings.objects.create(user=ada, preferred_model="google-legacy/gemini-3.8-flash")

    assert '<input type="radio" name="preferred_model" value="google-legacy/gemini-3.8-flash" checked>' in text_of(
        desk.get(PAGE)
    )
    desk.post(PAGE, chosen(preferred_model="google-legacy/gemini-3.8-flash", daily_limit="3"))

    row = AISettings.objects.get(user=ada)
    assert (row.preferred_model, row.daily_limit) == ("google-legacy/gemini-3.8-flash", 3)
