import pytest
from django.core.exceptions import ImproperlyConfigured

from aiproviders import registry
from aiproviders.attempt import attempt
from aiproviders.choice import choose
from aiproviders.compatible import Server, servers
from tests.aiproviders.conftest import PROMPT
from tests.aiproviders.test_conformance import SCHEMA


def test_a_server_is_a_name_an_address_and_flags():
    assert servers(["ollama=http://localhost:11434/v1/", "router=https://host/v1;key;schema;modern"]) == [
        Server("ollama", "http://localhost:11434/v1"),
        Server("router", "https://host/v1", key_required=True, supports_json_schema=True, legacy_max_tokens=False),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["http://localhost:11434/v1"],
        ["Ollama=http://localhost/v1"],
        ["o=http://localhost/v1"],
        ["ollama="],
        ["ollama=ftp://localhost/v1"],
        ["ollama=http:///v1"],
        ["ollama=http://localhost/v1;fast"],
        ["ollama=http://localhost/v1", "ollama=http://other/v1"],
    ],
)
def test_a_line_that_cannot_be_meant_stops_the_start_and_names_the_variable(lines):
    with pytest.raises(ImproperlyConfigured, match="OPENAI_COMPATIBLE"):
        servers(lines)


def test_the_built_in_names_are_taken():
    with pytest.raises(ImproperlyConfigured, match="'openai'"):
        registry.table(servers(["openai=http://localhost/v1"]))


def test_such_a_server_needs_no_key_and_gets_its_schema_in_words(fake, monkeypatch):
    monkeypatch.setattr(registry, "PROVIDERS", registry.table(servers([f"shed={fake.url}"])))

    made = attempt(choose("shed/ok"), PROMPT, schema=SCHEMA, max_tokens=300)

    assert made.data["score"] == 4
    (request,) = fake.requests
    assert request["key"] == "none" and request["body"]["max_tokens"] == 300
    assert "response_format" not in request["body"] and '"maximum": 10' in str(request["body"]["messages"])
