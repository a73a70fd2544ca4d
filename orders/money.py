"""Amounts are whole numbers of a currency's smallest unit everywhere; this is the only place that divides."""

from decimal import Decimal

from django.core.exceptions import ValidationError

# Stripe's list of currencies without a smaller unit.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}

THREE_DECIMALS = frozenset("bhd jod kwd omr tnd".split())  # nothing here could show them


def check_currency(value: str) -> None:
    """Raises ValidationError for what no payment could be in: providers' amounts would never match."""
    if len(value) != 3 or not value.isascii() or not value.isalpha() or not value.islower():
        raise ValidationError("Three small letters, please, such as usd.")
    if value in THREE_DECIMALS:
        raise ValidationError("Currencies with three decimals are not supported.")


def format_money(amount: int, currency: str) -> str:
    """`amount` smallest units of `currency` for people: "$49.00", "49.00 CHF", "4900 JPY"."""
    number = f"{amount}" if currency in ZERO_DECIMAL else f"{amount // 100}.{amount % 100:02d}"
    return f"{SIGNS[currency]}{number}" if currency in SIGNS else f"{number} {currency.upper()}"


def from_words(number: Decimal, currency: str) -> int:
    """The smallest units of what people write as `number`: 12.50 US dollars are 1250. Raises ValueError for less."""
    exact = number if currency in ZERO_DECIMAL else number * 100
    if exact != int(exact):
        raise ValueError(f"There is no coin that small in {currency.upper()}.")
    return int(exact)
