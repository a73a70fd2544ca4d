import uuid

import pytest

from config.redaction import HIDDEN, printable, without_secrets

SECRETS = [
    "cd_5f1a1f7e0c",
    "ol_" + "Ab1" * 10,
    "sk-proj-abcd1234",
    "sk_live_abcdef",
    "whsec_xyzw",
    "AIzaSyA-1234567890",
    "gsk_abcd",
    "xai-abcd",
    "ghp_abcd1234",
    "eyJhbGciOi.eyJzdWIi.c2ln",
    "0123456789abcdef0123456789abcdef",
    "Zm9vYmFyMTIzNDU2Nzg5MDEy==",
]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "/api/keys/{}/check", "key={}&x=1", "Not Found: /{}", '"{}" is no choice'])
def test_what_looks_like_a_key_is_hidden(secret, around):
    assert without_secrets(around.format(secret)) == around.format(HIDDEN)


@pytest.mark.parametrize(
    "text",
    [
        "/api/jobs/4caf8564-2eab-460e-a63a-a0975fc0783b/cancel",
        "/api/v1/purchase/status/",
        "/static/css/ai-settings.css",
        "portfolioProjections",
        "openai/gpt-oss-120b",
        "A limit of 10000000000000000000000 is too large.",
        "article-generation",
        "/api/articles/how-to-brew-coffee-in-2026-at-home",
        "claude-haiku-4-5-20251001",
        "",
    ],
)
def test_ids_names_and_numbers_stay(text):
    assert without_secrets(text) == text


def test_a_key_beside_a_uuid_is_hidden():
    known = uuid.uuid4()
    assert without_secrets(f"/{known}/sk-abcd1234") == f"/{known}/{HIDDEN}"


def test_a_long_line_takes_no_time_worth_mentioning():
    text = "a-1." * 50_000
    assert without_secrets(text) == text


def test_what_is_printed_can_be_sent_and_is_short():
    assert printable("a\ud800b\0c") == "a?b?c"
    assert len(printable("x " * 1000)) == 501
