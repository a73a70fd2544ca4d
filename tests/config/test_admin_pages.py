"""The admin's pages for rows that are not there yet."""

import pytest
from django.contrib import admin
from django.urls import reverse
from django_celery_results.models import GroupResult, TaskResult

from config import urls  # noqa: F401  registers the tables

pytestmark = pytest.mark.django_db
TABLES = [f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry]


@pytest.mark.parametrize("table", TABLES)
def test_the_form_for_a_new_row_opens_where_rows_are_made_by_hand(admin_client, table):
    assert admin_client.get(reverse(f"admin:{table}_add")).status_code in (200, 403)


@pytest.mark.parametrize("table", [TaskResult, GroupResult])
def test_nobody_makes_results_of_celery_by_hand(admin_client, table):
    assert admin_client.post(reverse(f"admin:{table._meta.label_lower.replace('.', '_')}_add")).status_code == 403
    assert not table.objects.exists()
