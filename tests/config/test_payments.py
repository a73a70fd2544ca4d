"""The payment settings are wrong at start-up or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import payments

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "payments": "stripe",
    "key": "sk_live_hush",
    "secrets": ["whsec_1"],
    "api_base": "https://api.stripe.com",
    "public_url": "https://desk.example.com",
}
TEST_KEY = {"key": "sk_test_hush", "public_url": "http://127.0.0.1:8000"}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"key": "rk_live_hush"},
        TEST_KEY,
        TEST_KEY | {"api_base": "http://127.0.0.1:18420"},
        {"payments": "sandbox", "key": "", "secrets": [], "public_url": "http://127.0.0.1:8000"},
        {"payments": "sandbox", "key": "sk_test_hush"},
    ],
)
def test_settings_that_fit_together_are_taken(changes):
    payments.check(**GOOD | changes)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"key": ""}, "STRIPE_SECRET_KEY"),
        ({"key": "pk_live_hush"}, "STRIPE_SECRET_KEY"),
        ({"key": "secret"}, "STRIPE_SECRET_KEY"),
        ({"secrets": []}, "STRIPE_WEBHOOK_SECRETS"),
        ({"api_base": "http://127.0.0.1:18420"}, "STRIPE_API_BASE"),
        (TEST_KEY | {"api_base": "http://stripe.example.com"}, "STRIPE_API_BASE"),
        ({"public_url": "http://desk.example.com"}, "PUBLIC_URL"),
        ({"payments": "sandbox"}, "PAYMENTS=sandbox"),
        ({"payments": "sandbox", "key": "rk_live_hush"}, "PAYMENTS=sandbox"),
    ],
)
def test_settings_that_would_send_money_astray_are_refused_without_quoting_the_key(changes, named):
    with pytest.raises(ImproperlyConfigured, match=named) as refused:
        payments.check(**GOOD | changes)
    assert "hush" not in str(refused.value)


def test_the_product_does_not_start_without_the_key_that_it_needs(tmp_path, monkeypatch):
    for name, value in {"PAYMENTS": "stripe", "COPYDESK_DATA": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    started = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, capture_output=True, text=True)
    assert started.returncode != 0
    assert "STRIPE_SECRET_KEY" in started.stderr.splitlines()[-1]
