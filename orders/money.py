"""Amounts are whole numbers of a currency's smallest unit everywhere; this is the only place that divides."""

# Stripe's list of currencies without a smaller unit.
ZERO_DECIMAL = frozenset("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf".split())
SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}


def format_money(amount: int, currency: str) -> str:
    """`amount` smallest units of `currency` for people: "$49.00", "49.00 CHF", "4900 JPY"."""
    number = f"{amount}" if currency in ZERO_DECIMAL else f"{amount // 100}.{amount % 100:02d}"
    return f"{SIGNS[currency]}{number}" if currency in SIGNS else f"{number} {currency.upper()}"
