from decimal import Decimal

import pytest

from aiproviders.attempt import attempt
from aiproviders.choice import choose
from aiproviders.secret import Secret
from tests.aiproviders.conftest import PROMPT


def made(model: str, **options):
    return attempt(choose(f"openai/{model}"), PROMPT, **{"deadline": 0.3, **options})


def test_a_success_is_charged_at_its_cost(openai):
    one = made("gpt-6-luna", deadline=20)
    assert one.charged == one.cost > 0
    assert one.tokens == one.usage.input_tokens + one.usage.output_tokens


@pytest.mark.parametrize("fault", ["status-400", "status-401", "status-429", "status-500", "status-503", "quota"])
def test_a_refusal_by_status_is_charged_at_nothing(openai, fault):
    one = made(fault, deadline=20)
    assert (one.cost, one.charged, one.tokens) == (None, Decimal(0), 0)


@pytest.mark.parametrize("fault", ["drip", "silent", "reset", "cut-body", "html", "status-408", "status-504"])
def test_nobody_knows_what_an_exchange_cost_that_broke_off(openai, fault):
    one = made(fault)
    assert (one.cost, one.charged, one.tokens) == (None, None, None)


def test_nobody_knows_what_a_model_without_a_price_costs_but_its_tokens_are_known(openai):
    one = made("unheard-of", deadline=20)
    assert one.charged is None and one.tokens > 0


def test_what_never_left_costs_nothing(settings, openai):
    settings.OPENAI_API_KEY = ""
    one = made("gpt-6-luna")
    assert (one.outcome, one.charged, one.tokens) == ("no_key", Decimal(0), 0)


def test_it_uses_the_key_it_is_given(openai):
    made("ok", key=Secret("sk-of-somebody"), deadline=20)
    assert openai.requests[0]["key"] == "sk-of-somebody"
