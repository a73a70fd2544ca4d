import pytest

from content.texts.characters import clean


@pytest.mark.parametrize("bad", ["\0", "\x1b", "\u200b", "\u202e", "\ue000", "\ufffe", "\ud800", "\x0b"])
def test_what_cannot_be_seen_goes(bad):
    assert clean(f"a{bad}b") == "ab"


def test_everything_else_stays():
    text = "Ünïcode “quotes” – 七人の侍 🎬\n\tand more"
    assert clean(text) == text
