"""A whole running system and a customer who orders from it. Everything goes over HTTP, as it will for people."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.first_order import OVER, WISHES, Customer
from tests.fakeprovider import FakeProvider
from tests.processes import wait_until
from tests.systems import Up

VERSIONS, MAILS = ("articles_articleversion", "1 = 1"), ("orders_mail", "1 = 1")
JOBS = ("queues_job", "kind = 'orders.generate_article'")
COUNTED = (VERSIONS, MAILS, JOBS)


class Shop:
    """`manage.py up` whose articles are written by the fake provider's `model`, and one order in it.

    Rows and mails are counted from where `forget` was called last.
    """

    def __init__(self, data: Path, provider: FakeProvider, model: str) -> None:
        self.data, self.provider, self.model = data, provider, model
        self.before: Counter[tuple[str, str]] = Counter()
        self.old_mails: set[str] = set()
        self.start()

    def forget(self) -> None:
        """As new: whatever is there is another test's."""
        wait_until(self.up.is_ready, 60)
        self.provider.forget()
        self.before = Counter({what: self.rows(*what) for what in COUNTED})
        self.old_mails = set(self.mail_files())

    def start(self) -> None:
        """Start it, again if need be: same data, another port."""
        self.up = Up(
            self.data,
            OPENAI_API_KEY="sk-acceptance",
            OPENAI_BASE_URL=self.provider.url,
            AI_MODEL=f"openai/{self.model}",
            API_LIMITS="lookup=0",  # the tests look fifty times a second
        )
        wait_until(self.up.is_ready, 60)

    def order(self) -> None:
        """Order and pay an article."""
        customer = Customer(self.up.site)
        self.page = customer.pay(customer.order(WISHES))

    def status(self) -> dict:
        return Customer(self.up.site).status(self.page)

    def is_written(self) -> bool:
        status = self.status()
        assert status["status"] not in OVER, status["log"]
        return status["status"] == "QUALITY_CHECK"

    def wait_for_calls(self, number: int) -> None:
        """Until the model has been asked `number` times."""
        wait_until(lambda: len(self.provider.requests) >= number, 30)

    def count(self, what: tuple[str, str]) -> int:
        """How many rows there are of one of COUNTED."""
        return self.rows(*what) - self.before[what]

    def rows(self, table: str, condition: str) -> int:
        with sqlite3.connect(f"file:{self.data}/db.sqlite3?mode=ro", uri=True) as connection:
            number = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
        connection.close()
        return number

    def mails(self) -> list[str]:
        """The Message-IDs of the mails that went out."""
        texts = [file.read_text() for file in self.mail_files() if file not in self.old_mails]
        return [line for text in texts for line in text.splitlines() if line.startswith("Message-ID:")]

    def mail_files(self) -> list[Path]:
        return sorted((self.data / "mail").glob("*"))


@pytest.fixture(scope="module")
def one_shop(tmp_path_factory) -> Iterator[Shop]:
    with FakeProvider() as provider:
        shop = Shop(tmp_path_factory.mktemp("shop") / "data", provider, model="ok-slow-300")
        yield shop
        shop.up.stop()


@pytest.fixture
def shop(one_shop) -> Shop:
    """One for all tests of a file: whatever happens in one, it must come back."""
    one_shop.forget()
    return one_shop
