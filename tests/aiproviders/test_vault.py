import pytest
from cryptography.fernet import Fernet

from aiproviders import vault
from aiproviders.secret import Secret

KEY = "sk-canary-7f3a91c0"


def test_what_was_sealed_for_an_owner_opens_for_that_owner():
    token = vault.seal(Secret(KEY), owner="user:7/openai")

    assert KEY not in token
    assert vault.unseal(token, owner="user:7/openai").reveal() == KEY


@pytest.mark.parametrize("other", ["user:8/openai", "user:7/anthropic", "house/openai", ""])
def test_it_opens_for_nobody_else(other):
    token = vault.seal(Secret(KEY), owner="user:7/openai")

    with pytest.raises(vault.Unreadable) as caught:
        vault.unseal(token, owner=other)

    assert caught.value.kind == "wrong_owner"


def test_it_opens_under_an_earlier_encryption_key_only_while_that_is_listed(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.AI_KEY_ENCRYPTION_KEYS = [old]
    token = vault.seal(Secret(KEY), owner="house/openai")
    settings.AI_KEY_ENCRYPTION_KEYS = [new, old]
    assert vault.unseal(token, owner="house/openai").reveal() == KEY
    settings.AI_KEY_ENCRYPTION_KEYS = [new]

    with pytest.raises(vault.Unreadable) as caught:
        vault.unseal(token, owner="house/openai")

    assert caught.value.kind == "unknown_encryption_key"


@pytest.mark.parametrize("token", ["", "not a token", "gAAAAA", "ü"])
def test_a_damaged_token_is_reported(token):
    with pytest.raises(vault.Unreadable):
        vault.unseal(token, owner="house/openai")


def test_a_changed_secret_key_changes_nothing(settings):
    token = vault.seal(Secret(KEY), owner="house/openai")
    settings.SECRET_KEY = "another"

    assert vault.unseal(token, owner="house/openai").reveal() == KEY


def test_fingerprints_tell_keys_apart_and_depend_on_the_encryption_key(settings):
    first = vault.fingerprint(Secret(KEY))

    assert first == vault.fingerprint(Secret(KEY)) != vault.fingerprint(Secret(KEY + "x"))
    settings.AI_KEY_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert vault.fingerprint(Secret(KEY)) != first
