"""One shape of usage from every provider's own: checked against what genai-prices reads out of the same answer."""

import copy

import pytest
from genai_prices import extract_usage

from aiproviders.backends import anthropic, gemini, openai
from aiproviders.base import Endpoint, Usage

TEXT = {"finish_reason": "stop", "message": {"content": "Compost needs air."}}
OPENAI = {
    "model": "gpt-6-luna",
    "choices": [TEXT],
    "usage": {
        "prompt_tokens": 100,
        "completion_tokens": 80,
        "total_tokens": 180,
        "prompt_tokens_details": {"cached_tokens": 40},
        "completion_tokens_details": {"reasoning_tokens": 50},
    },
}
XAI = OPENAI | {
    "usage": OPENAI["usage"] | {"completion_tokens": 30}  # its thinking is in the total only
}
ANTHROPIC = {
    "model": "claude-haiku-5-5",
    "content": [{"type": "text", "text": "Compost needs air."}],
    "stop_reason": "end_turn",
    "usage": {
        "input_tokens": 50,
        "cache_read_input_tokens": 40,
        "cache_creation_input_tokens": 10,
        "output_tokens": 80,
    },
}
GEMINI = {
    "modelVersion": "gemini-3.5-flash-lite",
    "candidates": [{"content": {"parts": [{"text": "Compost needs air."}]}, "finishReason": "STOP"}],
    "usageMetadata": {
        "promptTokenCount": 100,
        "cachedContentTokenCount": 40,
        "candidatesTokenCount": 30,
        "thoughtsTokenCount": 50,
        "totalTokenCount": 180,
    },
}
READERS = {
    "openai": (openai.OpenAI(Endpoint("openai")).read, OPENAI, "chat"),
    "xai": (openai.OpenAI(Endpoint("xai")).read, XAI, None),
    "anthropic": (anthropic.Anthropic(Endpoint("anthropic")).read, ANTHROPIC, "default"),
    "google": (gemini.read, GEMINI, "default"),
}


@pytest.mark.parametrize("provider", READERS)
def test_input_includes_what_was_cached_and_output_what_was_thought(provider):
    read, answer, _ = READERS[provider]

    assert read(answer).usage == Usage(input_tokens=100, cached_tokens=40, output_tokens=80)


@pytest.mark.parametrize("provider", [name for name, (_, _, flavour) in READERS.items() if flavour])
def test_the_price_list_reads_the_same(provider):
    read, answer, flavour = READERS[provider]
    usage = read(answer).usage

    theirs = extract_usage(answer, provider_id=provider, api_flavor=flavour).usage
    assert (theirs.input_tokens, theirs.cache_read_tokens) == (usage.input_tokens, usage.cached_tokens)
    assert theirs.output_tokens == usage.output_tokens


def test_numbers_for_names_are_read_as_the_old_sdk_asks_for_them():
    candidate = GEMINI["candidates"][0]

    assert gemini.read(GEMINI | {"candidates": [candidate | {"finishReason": 2}]}).finish == "length"
    assert gemini.read(GEMINI | {"candidates": [candidate | {"finishReason": 3}]}).finish == "content_filter"
    assert gemini.read({"promptFeedback": {"blockReason": 1}}).finish == "content_filter"


@pytest.mark.parametrize("odd", [-500, 10**30, float("inf"), float("nan"), "many"])
@pytest.mark.parametrize("provider", READERS)
def test_counts_that_cannot_be_true_are_unknown_and_the_text_is_kept(provider, odd):
    read, answer, _ = READERS[provider]
    answer = copy.deepcopy(answer)
    usage = answer.get("usage") or answer["usageMetadata"]
    usage[next(iter(usage))] = odd

    assert (read(answer).usage, read(answer).text) == (None, "Compost needs air.")


def test_more_cached_than_read_is_unknown_too():
    answer = OPENAI | {"usage": OPENAI["usage"] | {"prompt_tokens_details": {"cached_tokens": 101}}}

    assert openai.OpenAI(Endpoint("openai")).read(answer).usage is None
