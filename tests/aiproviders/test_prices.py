from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices import calc_price

from aiproviders import prices
from aiproviders.base import Prompt, Usage

AT = datetime(2026, 11, 1, tzinfo=UTC)
USAGE = Usage(input_tokens=10_000, cached_tokens=4_000, output_tokens=2_000)


def test_cached_tokens_are_cheaper():
    whole = Usage(input_tokens=10_000, cached_tokens=0, output_tokens=2_000)

    cached = prices.cost(provider="openai", models=["gpt-6-luna"], usage=USAGE, at=AT)

    assert 0 < cached < prices.cost(provider="openai", models=["gpt-6-luna"], usage=whole, at=AT)


def test_it_agrees_with_the_published_price():
    usage = Usage(input_tokens=1_000_000, cached_tokens=0, output_tokens=0)
    published = calc_price(
        prices_usage(usage), model_ref="gpt-6-luna", provider_id="openai", genai_request_timestamp=AT
    ).total_price

    assert prices.cost(provider="openai", models=["gpt-6-luna"], usage=usage, at=AT) == published


def prices_usage(usage: Usage):
    from genai_prices import Usage as Tokens

    return Tokens(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)


def test_the_model_that_answered_sets_the_price_and_the_one_asked_for_stands_in():
    asked = prices.cost(provider="openai", models=["gpt-6-luna"], usage=USAGE, at=AT)

    assert prices.cost(provider="openai", models=["gpt-6.1-sol", "gpt-6-luna"], usage=USAGE, at=AT) > asked
    assert prices.cost(provider="openai", models=["", "gpt-6-luna"], usage=USAGE, at=AT) == asked
    assert prices.cost(provider="openai", models=["house-name", "gpt-6-luna"], usage=USAGE, at=AT) == asked


@pytest.mark.parametrize(("models", "usage"), [(["unheard-of"], USAGE), (["gpt-6-luna"], None)])
def test_the_unknown_is_none_and_never_zero(models, usage):
    assert prices.cost(provider="openai", models=models, usage=usage, at=AT) is None


@pytest.mark.parametrize("provider", ["local", "extract"])
def test_our_own_models_cost_nothing(provider):
    assert prices.cost(provider=provider, models=["x"], usage=None, at=AT) == Decimal(0)


def test_what_a_call_can_cost_is_never_less_than_what_it_costs():
    prompt = Prompt(system="You write.", text="Write about 900 words.", source="The river rose by two metres. " * 200)
    tokens = prices.tokens_at_most(prompt, None)
    most = prices.at_most("openai", "gpt-6-luna", tokens, 2000, at=AT)
    real = Usage(input_tokens=len(prompt.source.split()) * 4 // 3, cached_tokens=0, output_tokens=2000)
    assert most >= prices.cost(provider="openai", models=["gpt-6-luna"], usage=real, at=AT)
    assert tokens == len(f"{prompt.system}{prompt.user_message()}") // 2 + 100


def test_a_schema_takes_up_room_too():
    prompt = Prompt(system="s", text="t")
    assert prices.tokens_at_most(prompt, {"type": "object"}) > prices.tokens_at_most(prompt, None)


def test_a_model_without_a_price_may_cost_more_than_the_dearest_that_has_one():
    assert prices.at_most("openai", "unheard-of", 1_000_000, 1_000_000, at=AT) == 60
    assert prices.at_most("local", "x", 1_000_000, 1_000_000, at=AT) == 0
