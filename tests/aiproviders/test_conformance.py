"""Every provider that speaks HTTP, against every way in which a server was seen to misbehave."""

import re
import socket

import pytest

from aiproviders import registry
from aiproviders.attempt import Attempt, attempt
from aiproviders.choice import choose
from tests.aiproviders.conftest import DIALECTS, KEY, PROMPT, SETTINGS, address, point
from tests.fakeprovider import dialects

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
    "status-424": "server",
    "status-429": "rate_limit",
    "status-498": "overloaded",
    "status-499": "server",
    "status-500": "server",
    "status-502": "server",
    "status-503": "overloaded",
    "status-504": "timeout",
    "status-529": "overloaded",
    "html-502": "server",
    "quota": "quota",
    "budget-used-up": "quota",
    "bad-key-400": "auth",
    "too-long": "too_large",
    "too-large-now": "too_large",
    "wait-in-words": "rate_limit",
    "retry-info": "rate_limit",
    "filtered": "content_filter",
    "no-such-model": "not_found",
    "forbidden-model": "not_found",
    "redirect": "bad_request",
    "html": "malformed",
    "not-json": "malformed",
    "empty-body": "malformed",
    "accepted": "malformed",
    "no-body": "malformed",
    "empty-object": "malformed",
    "error-object": "malformed",
    "deep": "malformed",
    "deep-500": "server",
    "list": "malformed",
    "null": "malformed",
    "finish-length": "truncated",
    "content-filter": "content_filter",
    "refusal": "refusal",
    "empty-text": "empty",
    "blank-text": "empty",
    "reset": "connection",
    "cut-body": "connection",
    "flood": "connection",
}
# Anthropic has one word for both, and so has Google.
OTHERWISE = {
    ("anthropic", "content-filter"): "refusal",
    ("google", "refusal"): "content_filter",
    ("google-legacy", "refusal"): "content_filter",
}
BROKEN = [(provider, fault) for provider in SETTINGS for fault in DIALECTS.get(provider, dialects.OpenAI).BROKEN]


def sent(fake) -> dict:
    return fake.requests[0]["body"]


def ask(provider: str, model: str, **options) -> Attempt:
    return attempt(choose(f"{provider}/{model}"), PROMPT, **{"deadline": 20, **options})


def test_every_provider_is_in_this_suite_or_makes_no_request():
    assert {name for name, line in registry.PROVIDERS.items() if line.url} == set(SETTINGS)


@pytest.mark.parametrize(("fault", "kind"), FAILURES.items())
def test_a_fault_becomes_its_kind_after_one_request(http_provider, fake, fault, kind):
    failure = ask(http_provider, fault).failure

    assert (failure.kind, failure.provider) == (OTHERWISE.get((http_provider, fault), kind), http_provider)
    assert failure.__context__ is None and failure.__cause__ is None
    assert len(fake.requests) == 1


@pytest.mark.parametrize(("http_provider", "fault"), BROKEN, indirect=["http_provider"])
def test_an_answer_of_the_wrong_shape_is_malformed(http_provider, fake, fault):
    failure = ask(http_provider, fault).failure

    assert failure.kind == "malformed" and failure.__context__ is None
    assert len(fake.requests) == 1


@pytest.mark.parametrize("fault", ["drip", "drip-headers", "silent", "held"])
def test_a_server_that_never_finishes_is_a_timeout(http_provider, fake, fault):
    assert ask(http_provider, fault, deadline=0.3).failure.kind == "timeout"
    assert len(fake.requests) <= 1  # on a busy machine the time may be over before it leaves


def test_nobody_listening_is_a_connection_error(http_provider, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        point(settings, http_provider, f"http://127.0.0.1:{unused.getsockname()[1]}", KEY)
        assert ask(http_provider, "ok").failure.kind == "connection"


def test_an_unknown_host_is_a_connection_error(http_provider, settings):
    point(settings, http_provider, "http://no-such-host.invalid", KEY)

    assert ask(http_provider, "ok").failure.kind == "connection"


@pytest.mark.parametrize(("model", "outcome"), [("ok", "ok"), ("drip", "timeout"), ("status-429", "rate_limit")])
def test_other_hosts_are_reached_through_a_proxy_of_the_environment(
    http_provider, fake, settings, monkeypatch, model, outcome
):
    point(settings, http_provider, address(fake, http_provider).replace("127.0.0.1", "model.example"), KEY)
    monkeypatch.setenv("HTTP_PROXY", fake.root)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    assert ask(http_provider, model, deadline=2 if model == "drip" else 20).outcome == outcome
    (request,) = fake.requests
    assert request["path"].startswith("http://model.example") and request["key"] == KEY


@pytest.mark.parametrize(
    ("model", "least", "most"),
    [
        ("retry-after-7", 7, 7),
        ("retry-after-86400", 86400, 86400),
        ("retry-after-date-30", 20, 30),
        ("retry-info", 17, 17),
        ("wait-in-words", 578.016, 578.016),
        ("status-429", None, None),
    ],
)
def test_the_wait_is_read_from_headers_body_or_words(http_provider, fake, model, least, most):
    failure = ask(http_provider, model).failure

    assert failure.kind == "rate_limit" and not failure.permanent
    assert failure.retry_after is None if least is None else least <= failure.retry_after <= most


def test_a_redirect_takes_the_key_nowhere(http_provider, fake, other_fake):
    fake.redirect_to = other_fake.url

    assert "redirects" in ask(http_provider, "redirect").failure.message
    assert len(fake.requests) == 1 and not other_fake.requests


def test_a_healthy_answer_is_one_request_with_its_own_key_and_no_sampling(http_provider, fake):
    made = ask(http_provider, "ok", max_tokens=300)

    assert made.outcome == "ok" and len(made.reply.text.split()) >= 60
    assert (made.reply.model, made.reply.finish) == ("ok", "stop")
    assert made.usage.output_tokens == len(made.reply.text.split())
    assert made.usage.input_tokens == len(
        DIALECTS.get(http_provider, dialects.OpenAI)("", {}, sent(fake)).prompt().split()
    )
    assert 0 < made.usage.cached_tokens < made.usage.input_tokens
    (request,) = fake.requests
    assert (request["key"], request["model"]) == (KEY, "ok")
    assert not {"temperature", "top_p", "topP", "top_k", "topK", "seed"} & set(re.findall(r"\w+", str(request["body"])))


def test_tokens_spent_on_thinking_are_output_and_thoughts_are_not_text(http_provider, fake):
    made = ask(http_provider, "thinking")

    assert made.usage.output_tokens == len(made.reply.text.split()) + 50
    assert "Let me see" not in made.reply.text


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
    assert ask(http_provider, "odd-error").failure.message.endswith("bad  thing ?")


def test_a_request_that_cannot_be_made_is_our_mistake_and_final(http_provider, fake):
    failure = ask(http_provider, "ok", max_tokens=float("nan")).failure

    assert failure.kind == "bad_request" and failure.permanent and failure.status is None
    assert not fake.requests


SENT_AS = {
    "openai": ["response_format", "json_schema", "schema"],
    "anthropic": ["output_config", "format", "schema"],
    "google": ["generationConfig", "responseJsonSchema"],
    "google-legacy": ["generationConfig", "responseSchema"],
    "groq": ["messages", 0, "content"],
}
SCHEMA = {
    "type": "object",
    "properties": {"score": {"type": "integer", "minimum": 0, "maximum": 10}, "why": {"type": "string"}},
    "required": ["score", "why"],
    "additionalProperties": False,
}


def test_a_schema_is_sent_and_its_data_comes_back(http_provider, fake):
    made = ask(http_provider, "ok", schema=SCHEMA)

    assert made.data["score"] == 4 and made.data["why"]
    assert len(fake.requests) == 1


def test_each_provider_gets_the_schema_in_its_own_way(http_provider, fake):
    ask(http_provider, "ok", schema=SCHEMA)

    body, sent_as = sent(fake), SENT_AS.get(http_provider, SENT_AS["openai"])
    for name in sent_as:
        body = body[name]
    assert ("minimum" in str(body)) is (http_provider != "google-legacy")
    assert "score" in str(body) and "why" in str(body)


def test_json_in_a_code_fence_is_still_data(http_provider, fake):
    assert ask(http_provider, "fenced", schema=SCHEMA).data["score"] == 4


@pytest.mark.parametrize("fault", ["schema-not-json", "schema-wrong", "schema-deep"])
def test_data_that_does_not_fit_the_schema_is_malformed(http_provider, fake, fault):
    made = ask(http_provider, fault, schema=SCHEMA)

    assert made.outcome == "malformed" and made.data is None
