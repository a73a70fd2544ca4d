"""A whole running system and a customer who orders from it. Everything goes over HTTP, as it will for people."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.first_order import OVER, WISHES, Customer
from tests.fakeprovider import FakeProvider
from tests.processes import wait_until
from tests.systems import Up


class Shop:
    """`manage.py up` whose articles are written by the fake provider's `model`, and one order in it."""

    def __init__(self, data: Path, provider: FakeProvider, model: str) -> None:
        self.data, self.provider, self.model = data, provider, model
        self.start()

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

    def count(self, table: str, condition: str = "1 = 1") -> int:
        with sqlite3.connect(f"file:{self.data}/db.sqlite3?mode=ro", uri=True) as connection:
            number = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
        connection.close()
        return number

    def mails(self) -> list[str]:
        """The Message-IDs of the mails that went out."""
        texts = [file.read_text() for file in sorted((self.data / "mail").glob("*"))]
        return [line for text in texts for line in text.splitlines() if line.startswith("Message-ID:")]


@pytest.fixture
def shop(tmp_path) -> Iterator[Shop]:
    with FakeProvider() as provider:
        shop = Shop(tmp_path / "data", provider, model="ok-slow-300")
        yield shop
        shop.up.stop()
