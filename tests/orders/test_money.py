import pytest

from orders.money import format_money


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
