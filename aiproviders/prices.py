"""What a call cost, from the price list bundled with genai-prices. Works without a network."""

from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version

from aiproviders import registry
from aiproviders.base import Prompt, Usage

CENTS_OF_A_MILLIONTH = Decimal("0.00000001")
MILLION = 1_000_000
# What a budget reserves for a model without a known price: more than the dearest model of the list costs.
UNKNOWN_INPUT, UNKNOWN_OUTPUT = Decimal(10), Decimal(50)  # US dollars per million tokens
BYTES_PER_TOKEN = 2  # English needs 4; a text that needs fewer is counted as it was in the end
SPARE_TOKENS = 100  # what a provider puts around a prompt


def is_free(provider: str) -> bool:
    """Whether a call costs nobody anything."""
    return registry.entry(provider).free


def tokens_at_most(prompt: Prompt, schema: dict | None) -> int:
    """The tokens that `prompt` may take up; rather too many than too few."""
    size = len(prompt.system.encode()) + len(prompt.user_message().encode()) + (len(str(schema)) if schema else 0)
    return size // BYTES_PER_TOKEN + SPARE_TOKENS


def at_most(provider: str, model: str, input_tokens: int, output_tokens: int, *, at: datetime) -> Decimal:
    """US dollars that a call can cost: all its room used up, nothing cached; for an unknown model a high guess."""
    usage = Usage(input_tokens=input_tokens, cached_tokens=0, output_tokens=output_tokens)
    known = cost(provider=provider, models=[model], usage=usage, at=at)
    if known is not None:
        return known
    return (input_tokens * UNKNOWN_INPUT + output_tokens * UNKNOWN_OUTPUT) / MILLION


def cost(*, provider: str, models: list[str], usage: Usage | None, at: datetime) -> Decimal | None:
    """US dollars for `usage`, by the first of `models` that has a price; None when unknown, 0 only when free."""
    if is_free(provider):
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


@cache
def list_version() -> str:
    """The version of the price list, stored with every cost so that it can be computed again."""
    return version("genai-prices")
