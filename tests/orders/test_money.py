from decimal import Decimal

import pytest

from orders.money import format_money, from_words


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (4900, "usd", "$49.00"),
        (5, "eur", "€0.05"),
        (123456, "gbp", "£1234.56"),
        (990, "chf", "9.90 CHF"),
        (4900, "jpy", "4900 JPY"),
    ],
)
def test_smallest_units_become_an_amount_for_people(amount, currency, text):
    assert format_money(amount, currency) == text


def test_what_people_write_becomes_the_smallest_unit():
    assert from_words(Decimal("12.50"), "usd") == 1250
    assert from_words(Decimal("1250"), "jpy") == 1250
    with pytest.raises(ValueError, match="JPY"):
        from_words(Decimal("12.5"), "jpy")
