"""The page of models and keys in a real browser: accessible, as wide as the screen, without a script's help."""

import pytest
from playwright.sync_api import Page, expect

from aiproviders import keynotes, keys
from aiproviders.models import AISettings
from queues.models import Job
from tests.browser.looks import findings
from tests.browser.sessions import log_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(django_user_model):
    user = django_user_model.objects.create_superuser("ada", "ada@example.com", "lovelace")
    row = keys.save("openai", "sk-canary-of-ada-1234", user=user)
    keys.save("anthropic", "sk-other-of-ada-abcd", user=user)
    keynotes.checked(keys.resolve("anthropic", user=user), "auth")
    AISettings.objects.create(user=user, preferred_model="openai/gpt-6-luna", fallbacks=["google/gemini-2.5-pro"])
    return row.user


def opened(page: Page, user) -> Page:
    log_in(page, user)
    page.goto("/admin/settings/ai")
    expect(page.get_by_role("heading", level=1)).to_have_text("AI settings")
    page.wait_for_load_state()  # the admin's second stylesheet makes the page narrow, and may arrive after the heading
    return page


def test_the_page_is_accessible_and_fits(new_page, axe, ada):
    page = opened(new_page(), ada)
    assert findings(page, axe) == []

    page.get_by_label("Key for Groq", exact=True).fill("two words")
    page.get_by_role("button", name="Add the key for Groq").click()

    expect(page.get_by_text("The key has a space or a line break in the middle")).to_be_visible()
    expect(page.get_by_label("Key for Groq", exact=True)).to_have_value("")
    assert findings(page, axe) == []


def test_a_key_is_removed_after_a_question(new_page, ada):
    page = opened(new_page(390), ada)
    page.locator("#key-openai summary").click()

    page.get_by_role("button", name="Remove the key for OpenAI", exact=True).click()

    expect(page.get_by_text("The key for OpenAI is removed.")).to_be_visible()
    assert not keys.has_own("openai", user=ada)


def test_a_check_shows_its_result_without_a_reload(new_page, ada):
    page = opened(new_page(1280), ada)
    page.get_by_role("button", name="Check the key for OpenAI").click()
    expect(page.get_by_text("Checking. This takes at most 10 seconds.")).to_be_visible()
    page.evaluate("window.sameDocument = true")

    keynotes.checked(keys.resolve("openai", user=ada), "")
    Job.objects.update(state="completed")  # in this order, as the job does it: the page looks in between

    expect(page.locator("#key-openai").get_by_text("Works. Checked")).to_be_visible()
    assert page.evaluate("window.sameDocument") is True
