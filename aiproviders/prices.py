"""What a call cost, from the price list bundled with genai-prices. Works without a network."""

from datetime import datetime
from decimal import Decimal
from importlib.metadata import version

from aiproviders import registry
from aiproviders.base import Usage

CENTS_OF_A_MILLIONTH = Decimal("0.00000001")


def cost(*, provider: str, models: list[str], usage: Usage | None, at: datetime) -> Decimal | None:
    """US dollars for `usage`, by the first of `models` that has a price; None when unknown, 0 only when free."""
    if registry.entry(provider).free:
        return Decimal(0)
    if usage is None:
        return None
    import genai_prices  # 0.1 s; the web process never needs it

    tokens = genai_prices.Usage(
        input_tokens=usage.input_tokens, cache_read_tokens=usage.cached_tokens, output_tokens=usage.output_tokens
    )
    for model in filter(None, models):
        try:
            price = genai_prices.calc_price(
                tokens, model_ref=model, provider_id=provider, genai_request_timestamp=at
            ).total_price
        except LookupError:
            continue
        return price.quantize(CENTS_OF_A_MILLIONTH)
    return None


def list_version() -> str:
    """The version of the price list, stored with every cost so that it can be computed again."""
    return version("genai-prices")
