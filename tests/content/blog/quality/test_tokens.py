import pytest

from content.blog.quality.tokens import folded, phrase, tokens


def seen(text: str, attribute: str) -> list[str]:
    return [token.text for token in tokens(text) if getattr(token, attribute)]


def test_capitals_are_names_in_any_script():
    text = "the film by McQueen, iPhone, Émile, 鈴木 and Ολγα with eBay"
    assert seen(text, "capital") == ["McQueen", "iPhone", "Émile", "鈴木", "Ολγα", "eBay"]


def test_a_sentence_starts_after_its_marks_but_not_after_an_initial():
    assert seen("It ends. So: J. R. Marsh Jr. came? Yes", "starts") == ["It", "So", "J", "Yes"]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Sam Mendes", ["Mendes"]),
        ("Jean-Luc Marsh", ["Luc", "Marsh"]),
        ("Marsh, Kim", []),
        ("Marsh’s Kim", []),
        ("Marsh (Kim)", []),
        ("J. R. Marsh", ["R", "Marsh"]),
        ("Marsh & Kim", []),
    ],
)
def test_what_stands_together_is_joined(text, joined):
    assert seen(text, "joined") == joined


def test_one_name_in_many_spellings_is_one():
    assert {folded(word) for word in ("Bérénice", "BERENICE", "Bérénice’s", "berenice's")} == {"berenice"}
    assert phrase("Metro-Goldwyn-Mayer") == phrase("Metro Goldwyn Mayer") == ("metro", "goldwyn", "mayer")
