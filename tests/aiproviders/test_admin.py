import re

import pytest
from django.urls import reverse

from aiproviders.models import AICall, AISettings, Budget, LanguageModel


@pytest.fixture
def row(db) -> AICall:
    return AICall.objects.create(
        provider="openai", model_asked="gpt-6-luna", outcome="timeout", milliseconds=120_000, prices_version="1"
    )


def test_staff_read_the_ledger(admin_client, row):
    page = admin_client.get(reverse("admin:aiproviders_aicall_changelist")).content.decode()
    assert "gpt-6-luna" in page and 'field-dollars">unknown<' in page
    assert "timeout" in admin_client.get(reverse("admin:aiproviders_aicall_change", args=[row.pk])).content.decode()


def test_nobody_adds_changes_or_deletes(admin_client, row):
    change = reverse("admin:aiproviders_aicall_change", args=[row.pk])

    assert admin_client.get(reverse("admin:aiproviders_aicall_add")).status_code == 403
    assert admin_client.post(change, {"outcome": "ok"}).status_code == 403
    assert (
        admin_client.post(reverse("admin:aiproviders_aicall_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert AICall.objects.get().outcome == "timeout"


MODELS = reverse("admin:aiproviders_languagemodel_changelist")


@pytest.mark.parametrize(
    ("end", "listed", "missing"),
    [("retired", "GPT-4 is retired since 23 Oct 2026", "gpt-6-luna"), ("current", "gpt-6-luna", "gemini-1.5-pro")],
)
def test_models_that_end_are_flagged(admin_client, end, listed, missing):
    page = admin_client.get(MODELS, {"end": end}).content.decode()

    assert listed in page
    assert missing not in page
    assert re.search(r'field-input_dollars">\$[0-9.]*[0-9]<', page)


def test_staff_decide_what_is_offered(admin_client):
    luna = LanguageModel.objects.get(model="gpt-6-luna")

    admin_client.post(MODELS, {"action": "hide", "_selected_action": luna.pk})
    assert not LanguageModel.objects.get(pk=luna.pk).offered
    admin_client.post(MODELS, {"action": "offer", "_selected_action": luna.pk})
    assert LanguageModel.objects.get(pk=luna.pk).offered
    assert admin_client.get(reverse("admin:aiproviders_languagemodel_change", args=[luna.pk])).status_code == 200


def test_staff_see_what_people_chose_and_change_nothing(admin_client, admin_user):
    AISettings.objects.create(user=admin_user, preferred_model="openai/gpt-6-luna")
    change = reverse("admin:aiproviders_aisettings_change", args=[admin_user.pk])

    assert "gpt-6-luna" in admin_client.get(reverse("admin:aiproviders_aisettings_changelist")).content.decode()
    assert admin_client.post(change, {"preferred_model": "x"}).status_code == 403
    assert admin_client.get(reverse("admin:aiproviders_aisettings_add")).status_code == 403


def test_staff_see_in_dollars_what_is_spent_and_change_nothing(admin_client):
    row = Budget.objects.create(owner="house", day="2026-11-02", limit=500_000_000, spent=123_450_000, reserved=1_000)
    page = admin_client.get(reverse("admin:aiproviders_budget_changelist")).content.decode()
    change = reverse("admin:aiproviders_budget_change", args=[row.pk])

    assert all(amount in page for amount in ("$5.0000", "$1.2345", "$0.0000"))
    assert "$1.2345" in admin_client.get(change).content.decode()
    assert admin_client.post(change, {"spent": 0}).status_code == 403
    assert Budget.objects.get().spent == 123_450_000
