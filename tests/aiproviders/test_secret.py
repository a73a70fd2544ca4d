import copy
import json
import pickle

import pytest
from kombu.serialization import dumps

from aiproviders.secret import InvalidKey, Secret, clean_key

KEY = "sk-canary-7f3a91c0"


def test_no_way_of_printing_shows_it():
    secret = Secret(KEY)

    assert KEY not in f"{secret} {secret!r} {[secret]} {secret:}"


@pytest.mark.parametrize("refuse", [json.dumps, dumps, pickle.dumps, copy.copy, copy.deepcopy, vars])
def test_nothing_that_would_carry_it_away_takes_it(refuse):
    with pytest.raises(Exception) as caught:  # noqa: B017  each library has its own
        refuse(Secret(KEY))

    assert KEY not in repr(caught.value)


@pytest.mark.parametrize(("text", "shown"), [(KEY, "91c0"), ("abcdef", "ef"), ("ab", "")])
def test_most_of_a_key_is_never_shown(text, shown):
    assert Secret(text).last_four == shown


@pytest.mark.parametrize("pasted", [f"{KEY}\n", f"  {KEY} ", f"\t{KEY}\r\n"])
def test_white_space_around_a_pasted_key_is_dropped(pasted):
    assert clean_key(pasted).reveal() == KEY


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ("abc", "short"),
        (f"{KEY}\nX-Injected: 1", "middle"),
        (f"{KEY} {KEY}", "middle"),
        (f"{KEY}ü", "characters that no key has"),
        (f"{KEY}\0{KEY}", "characters that no key has"),
        (f"{KEY}\x1b", "characters that no key has"),
        (KEY * 30, "longer"),
    ],
)
def test_what_cannot_be_a_key_is_refused_without_repeating_it(text, why):
    with pytest.raises(InvalidKey, match=why) as caught:
        clean_key(text)

    assert "canary" not in str(caught.value)
