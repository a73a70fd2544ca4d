import pytest
from django.urls import reverse

from aiproviders.models import AICall


@pytest.fixture
def row(db) -> AICall:
    return AICall.objects.create(
        provider="openai", model_asked="gpt-6-luna", outcome="timeout", milliseconds=120_000, prices_version="1"
    )


def test_staff_read_the_ledger(admin_client, row):
    assert "gpt-6-luna" in admin_client.get(reverse("admin:aiproviders_aicall_changelist")).content.decode()
    assert "timeout" in admin_client.get(reverse("admin:aiproviders_aicall_change", args=[row.pk])).content.decode()


def test_nobody_adds_changes_or_deletes(admin_client, row):
    change = reverse("admin:aiproviders_aicall_change", args=[row.pk])

    assert admin_client.get(reverse("admin:aiproviders_aicall_add")).status_code == 403
    assert admin_client.post(change, {"outcome": "ok"}).status_code == 403
    assert (
        admin_client.post(reverse("admin:aiproviders_aicall_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    )
    assert AICall.objects.get().outcome == "timeout"
