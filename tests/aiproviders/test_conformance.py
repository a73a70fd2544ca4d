"""Every provider that speaks HTTP, against every way in which a server was seen to misbehave."""

import socket

import pytest

from aiproviders import registry
from aiproviders.attempt import Attempt, attempt
from aiproviders.choice import choose
from tests.aiproviders.conftest import KEY, PROMPT, SETTINGS, point

FAILURES = {
    "status-400": "bad_request",
    "status-401": "auth",
    "status-402": "quota",
    "status-403": "auth",
    "status-404": "not_found",
    "status-408": "timeout",
    "status-409": "server",
    "status-413": "too_large",
    "status-418": "bad_request",
    "status-422": "bad_request",
    "status-429": "rate_limit",
    "status-498": "overloaded",
    "status-500": "server",
    "status-502": "server",
    "status-503": "overloaded",
    "status-504": "timeout",
    "status-529": "overloaded",
    "html-502": "server",
    "quota": "quota",
    "too-long": "too_large",
    "filtered": "content_filter",
    "no-such-model": "not_found",
    "forbidden-model": "not_found",
    "redirect": "bad_request",
    "html": "malformed",
    "not-json": "malformed",
    "empty-body": "malformed",
    "empty-object": "malformed",
    "error-object": "malformed",
    "list": "malformed",
    "null": "malformed",
    "no-choices": "malformed",
    "choices-text": "malformed",
    "no-message": "malformed",
    "message-text": "malformed",
    "content-list": "malformed",
    "finish-missing": "malformed",
    "finish-tools": "malformed",
    "finish-length": "truncated",
    "content-filter": "content_filter",
    "refusal": "refusal",
    "empty-text": "empty",
    "blank-text": "empty",
    "no-content": "empty",
    "reset": "connection",
    "cut-body": "connection",
}


def ask(provider: str, model: str, **options) -> Attempt:
    return attempt(choose(f"{provider}/{model}"), PROMPT, **{"deadline": 20, **options})


def test_every_provider_is_in_this_suite_or_makes_no_request():
    assert {name for name, line in registry.PROVIDERS.items() if line.url} == set(SETTINGS)


@pytest.mark.parametrize(("fault", "kind"), FAILURES.items())
def test_a_fault_becomes_its_kind_after_one_request(http_provider, fake, fault, kind):
    failure = ask(http_provider, fault).failure

    assert (failure.kind, failure.provider) == (kind, http_provider)
    assert failure.__context__ is None and failure.__cause__ is None
    assert len(fake.requests) == 1


@pytest.mark.parametrize("fault", ["drip", "drip-headers", "silent", "held"])
def test_a_server_that_never_finishes_is_a_timeout(http_provider, fake, fault):
    assert ask(http_provider, fault, deadline=0.3).failure.kind == "timeout"
    assert len(fake.requests) == 1


def test_nobody_listening_is_a_connection_error(http_provider, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        point(settings, http_provider, f"http://127.0.0.1:{unused.getsockname()[1]}/v1", KEY)
        assert ask(http_provider, "ok").failure.kind == "connection"


def test_an_unknown_host_is_a_connection_error(http_provider, settings):
    point(settings, http_provider, "http://no-such-host.invalid/v1", KEY)

    assert ask(http_provider, "ok").failure.kind == "connection"


@pytest.mark.parametrize(("model", "least", "most"), [("retry-after-7", 7, 7), ("retry-after-date-30", 20, 30)])
def test_retry_after_is_read_as_seconds_and_as_a_date(http_provider, fake, model, least, most):
    failure = ask(http_provider, model).failure

    assert failure.kind == "rate_limit" and not failure.permanent
    assert least <= failure.retry_after <= most


def test_a_redirect_takes_the_key_nowhere(http_provider, fake, other_fake):
    fake.redirect_to = other_fake.url

    assert "redirects" in ask(http_provider, "redirect").failure.message
    assert len(fake.requests) == 1 and not other_fake.requests


def test_a_healthy_answer_is_one_request_with_its_own_key_and_no_sampling(http_provider, fake):
    made = ask(http_provider, "ok", max_tokens=300)

    assert made.outcome == "ok" and len(made.reply.text.split()) >= 60
    assert (made.reply.model, made.reply.finish) == ("ok", "stop")
    assert made.usage.output_tokens == len(made.reply.text.split())
    assert 0 < made.usage.cached_tokens < made.usage.input_tokens
    (request,) = fake.requests
    assert (request["key"], request["model"]) == (KEY, "ok")
    assert not {"temperature", "top_p", "seed"} & set(request["body"])


def test_what_was_paid_for_is_counted_even_when_the_text_is_useless(http_provider, fake):
    made = ask(http_provider, "finish-length")

    assert made.outcome == "truncated" and made.usage.output_tokens > 0


@pytest.mark.parametrize("model", ["no-usage", "empty-usage"])
def test_an_answer_without_usage_is_good_and_its_tokens_unknown(http_provider, fake, model):
    made = ask(http_provider, model)

    assert made.outcome == "ok" and made.usage is None


def test_characters_that_no_database_holds_are_taken_out(http_provider, fake):
    reply = ask(http_provider, "odd-characters").reply

    assert (reply.text, reply.model) == ("Good compost? needs air.", "m")


SCHEMA = {
    "type": "object",
    "properties": {"score": {"type": "integer", "minimum": 0, "maximum": 10}, "why": {"type": "string"}},
    "required": ["score", "why"],
    "additionalProperties": False,
}


def test_a_schema_is_sent_and_its_data_comes_back(http_provider, fake):
    made = ask(http_provider, "ok", schema=SCHEMA)

    assert made.data["score"] == 4 and made.data["why"]
    assert fake.requests[0]["body"]["response_format"]["json_schema"]["schema"] == SCHEMA


@pytest.mark.parametrize("fault", ["schema-not-json", "schema-wrong"])
def test_data_that_does_not_fit_the_schema_is_malformed(http_provider, fake, fault):
    made = ask(http_provider, fault, schema=SCHEMA)

    assert made.outcome == "malformed" and made.data is None
