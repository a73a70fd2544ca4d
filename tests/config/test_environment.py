import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
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
        (lambda: env.rates("X_TEST", {"finnhub": (60, 0)}), "yahoo=1/1"),
    ],
)
def test_a_wrong_value_stops_the_start_with_the_variables_name(reader, value, monkeypatch):
    monkeypatch.setenv("X_TEST", value)
    with pytest.raises(ImproperlyConfigured, match="X_TEST"):
        reader()


def test_a_word_may_be_written_in_any_case(monkeypatch):
    monkeypatch.setenv("X_TEST", "debug")
    assert env.choice("X_TEST", "INFO", ("DEBUG", "INFO")) == "DEBUG"


def test_amounts_and_rates_are_read(monkeypatch):
    assert env.dollars("X_TEST") is None and env.rates("X_TEST") == {}
    monkeypatch.setenv("X_TEST", "2.50")
    assert env.dollars("X_TEST") == Decimal("2.50")
    monkeypatch.setenv("X_TEST", "openai=500/200000, groq=30/0")
    assert env.rates("X_TEST") == {"openai": (500, 200_000), "groq": (30, 0)}
    default = {"openai": (1, 1), "groq": (2, 2), "xai": (3, 3)}
    assert env.rates("X_TEST", default) == {"openai": (500, 200_000), "groq": (30, 0), "xai": (3, 3)}
    assert default["openai"] == (1, 1)


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


def test_processes_that_start_together_read_one_whole_secret(tmp_path):
    made = iter(range(100))
    start = threading.Barrier(8)

    def ask(_):
        start.wait()
        return env.generated_secret(tmp_path / "key", lambda: f"whole-{next(made)}")

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))

    assert len(answers) == 1 and answers.pop().startswith("whole-")
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_encryption_keys_are_read_in_their_order_or_made_once(tmp_path, monkeypatch):
    made = env.encryption_keys("X_KEYS", tmp_path / "made")
    one, two = (Fernet.generate_key().decode() for _ in range(2))

    assert made == env.encryption_keys("X_KEYS", tmp_path / "made")
    assert Fernet(made[0]) and (tmp_path / "made").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("X_KEYS", f"{one}, {two}")
    assert env.encryption_keys("X_KEYS", tmp_path / "made") == [one, two]


@pytest.mark.parametrize("wrong", ["short", "?" * 44, "a" * 44, "é" * 44])
def test_a_malformed_encryption_key_is_refused_without_repeating_it(tmp_path, monkeypatch, wrong):
    monkeypatch.setenv("X_KEYS", f"{Fernet.generate_key().decode()},{wrong}")

    with pytest.raises(ImproperlyConfigured, match="X_KEYS: key 2 is malformed") as caught:
        env.encryption_keys("X_KEYS", tmp_path / "made")

    assert wrong not in str(caught.value)
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://a/b"),
        ("REDIS_URL", "amqp://localhost"),
        ("WORKER_THREADS", "0"),
        ("DEBUG", "sometimes"),
        ("PAYMENTS", "cash"),
        ("STRIPE_SECRET_KEY", "sk_live_x"),
        ("AI_KEY_ENCRYPTION_KEYS", "not-a-fernet-key"),
        ("AI_HOUSE_KEYS_FOR", "friends"),
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
