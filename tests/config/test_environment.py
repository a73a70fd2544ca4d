import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment as env

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        (lambda: env.boolean("X_TEST", False), "maybe"),
        (lambda: env.integer("X_TEST", 1), "ten"),
        (lambda: env.integer("X_TEST", 1), "-1"),
        (lambda: env.integer("X_TEST", 1, minimum=1), "0"),
        (lambda: env.choice("X_TEST", "a", ("a", "b")), "c"),
        (lambda: env.url("X_TEST", "", ("http",)), "ftp://x"),
        (lambda: env.dollars("X_TEST"), "-1"),
        (lambda: env.dollars("X_TEST"), "ten"),
        (lambda: env.dollars("X_TEST"), "NaN"),
        (lambda: env.rates("X_TEST"), "openai=500"),
        (lambda: env.rates("X_TEST"), "openai=500/-1"),
    ],
)
def test_a_wrong_value_stops_the_start_with_the_variables_name(reader, value, monkeypatch):
    monkeypatch.setenv("X_TEST", value)
    with pytest.raises(ImproperlyConfigured, match="X_TEST"):
        reader()


def test_amounts_and_rates_are_read(monkeypatch):
    assert env.dollars("X_TEST") is None and env.rates("X_TEST") == {}
    monkeypatch.setenv("X_TEST", "2.50")
    assert env.dollars("X_TEST") == Decimal("2.50")
    monkeypatch.setenv("X_TEST", "openai=500/200000, groq=30/0")
    assert env.rates("X_TEST") == {"openai": (500, 200_000), "groq": (30, 0)}


def test_a_secret_may_come_from_a_file(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("s3cret\n")
    monkeypatch.setenv("X_TEST_FILE", str(tmp_path / "key"))
    assert env.text("X_TEST") == "s3cret"
    monkeypatch.setenv("X_TEST_FILE", str(tmp_path / "gone"))
    with pytest.raises(ImproperlyConfigured, match="X_TEST_FILE"):
        env.text("X_TEST")


def test_a_generated_secret_is_made_once_and_private(tmp_path):
    first = env.generated_secret(tmp_path / "deep" / "key")
    assert env.generated_secret(tmp_path / "deep" / "key") == first
    assert (tmp_path / "deep" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://a/b"),
        ("REDIS_URL", "amqp://localhost"),
        ("WORKER_THREADS", "0"),
        ("DEBUG", "sometimes"),
        ("PAYMENTS", "cash"),
        ("STRIPE_SECRET_KEY", "sk_live_x"),
    ],
)
def test_the_product_does_not_start_with_a_wrong_value(name, value, tmp_path, monkeypatch):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("COPYDESK_DATA", str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings")
    started = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, capture_output=True, text=True)
    assert started.returncode != 0
    assert name in started.stderr.splitlines()[-1]


def test_the_readme_lists_every_variable_that_settings_read():
    from config import settings  # noqa: F401  fills VARIABLES

    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert listed == {name for name in env.VARIABLES if not name.startswith("X_")}
