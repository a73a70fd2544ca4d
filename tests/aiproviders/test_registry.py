from datetime import UTC, datetime

import pytest

from aiproviders import prices, registry
from aiproviders.base import Usage
from aiproviders.errors import ProviderError


@pytest.mark.parametrize("name", [name for name, line in registry.BUILT_IN.items() if not line.free])
def test_the_default_model_of_everybody_who_is_paid_has_a_price(name):
    usage = Usage(input_tokens=1000, cached_tokens=0, output_tokens=1000)
    model = registry.entry(name).default_model

    assert prices.cost(provider=name, models=[model], usage=usage, at=datetime(2026, 11, 22, tzinfo=UTC)) > 0


def test_an_unknown_provider_is_answered_with_the_known_ones():
    with pytest.raises(
        ProviderError, match="'closedai'.*openai, anthropic, google, google-legacy, groq, xai"
    ) as caught:
        registry.provider("closedai")

    assert caught.value.kind == "not_found"
