"""An outside referee: the same behaviours against llmock, a mock of the providers that others wrote."""

import json

import pytest
from llmock.scenarios import Reply

from aiproviders import registry
from aiproviders.attempt import Attempt, attempt
from aiproviders.choice import choose
from aiproviders.secret import Secret
from tests.aiproviders.conftest import KEY, PROMPT, SETTINGS, point
from tests.aiproviders.test_conformance import SCHEMA

NAMES = {"google": "gemini", "google-legacy": "gemini", "local": "openai"}
STATUSES = {
    400: "bad_request",
    401: "auth",
    402: "quota",
    403: "auth",
    404: "not_found",
    408: "timeout",
    409: "server",
    413: "too_large",
    422: "bad_request",
    429: "rate_limit",
    500: "server",
    502: "server",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}


@pytest.fixture(params=sorted(SETTINGS))
def provider(request, settings, llmock) -> str:
    point(settings, request.param, llmock.base_url(NAMES.get(request.param, request.param)), KEY)
    return request.param


def ask(provider: str, model: str = "", **options) -> Attempt:
    model = model or registry.entry(provider).default_model
    return attempt(choose(f"{provider}/{model}"), PROMPT, **{"deadline": 20, **options})


def test_a_healthy_answer_is_one_request(provider, llmock):
    llmock.reply("Compost needs air.")

    made = ask(provider)

    assert (made.outcome, made.reply.text, made.reply.finish) == ("ok", "Compost needs air.", "stop")
    assert made.usage.input_tokens > 0 and made.usage.output_tokens > 0
    assert len(llmock.requests) == 1


@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
def test_a_status_becomes_its_kind_after_one_request(provider, llmock, status, kind):
    llmock.fail(status)

    failure = ask(provider).failure

    assert (failure.kind, failure.status) == (kind, status)
    assert failure.__context__ is None
    assert len(llmock.requests) == 1


def test_the_wait_is_read(provider, llmock):
    llmock.rate_limit(retry_after=7)

    assert ask(provider).failure.retry_after == 7


def test_a_prompt_that_is_too_long_is_too_large(provider, llmock):
    llmock.context_overflow()

    assert ask(provider).failure.kind == "too_large"


def test_a_late_answer_is_a_timeout(provider, llmock):
    llmock.delay(2)

    assert ask(provider, deadline=0.3).failure.kind == "timeout"


def test_an_empty_text_is_no_answer(provider, llmock):
    llmock.reply(" ")

    assert ask(provider).outcome == "empty"


def test_a_call_of_a_tool_is_no_text(provider, llmock):
    llmock.call_tool("search", {"query": "compost"})

    assert ask(provider).outcome in ("malformed", "empty")


def test_a_text_cut_off_is_no_answer(provider, llmock):
    llmock.add(Reply(text="Compost needs", finish_reason="length"))

    assert ask(provider).outcome == "truncated"


def test_data_comes_back(provider, llmock):
    llmock.reply(json.dumps({"score": 4, "why": "air"}))

    assert ask(provider, schema=SCHEMA).data == {"score": 4, "why": "air"}


def test_a_limit_of_requests_holds_for_each_key(provider, llmock):
    llmock.limits(rpm=1)

    kinds = [ask(provider, key=Secret(key)).outcome for key in ("sk-of-one", "sk-of-one", "sk-of-two")]

    assert kinds == ["ok", "rate_limit", "ok"]


def test_models_are_listed(provider, llmock):
    listed = registry.provider(provider).list_models(deadline=20)

    assert listed and all(model.id for model in listed)
