import pytest

from content.texts.sentences import is_complete, normalised, split, uses, words


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("One two three.", 3),
        ("Don’t count up-to-date twice, e.g. here", 6),
        ("Über 3.5 Äpfel, naïve café", 5),
        ("— … !", 0),
    ],
)
def test_words_counts_what_a_reader_would(text, count):
    assert len(words(text)) == count


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One here. Two there! Three?", ["One here.", "Two there!", "Three?"]),
        ("Ask Dr. Miller first. Then go.", ["Ask Dr. Miller first.", "Then go."]),
        ("See J. R. Smith. Yes.", ["See J. R. Smith.", "Yes."]),
        ('He said "go." Then he left.', ['He said "go."', "Then he left."]),
        ("It costs 3.50 a piece. Über alles.", ["It costs 3.50 a piece.", "Über alles."]),
        ("Bees, e.g. wild ones. And no end", ["Bees, e.g. wild ones.", "And no end"]),
        ("  spread\nover  lines.  ", ["spread over lines."]),
        ("", []),
    ],
)
def test_split_finds_the_sentences(text, sentences):
    assert split(text) == sentences


@pytest.mark.parametrize("sentence", ["Done.", "Done?", "Done!”", "(Done.)", "Done…"])
def test_a_sentence_with_an_end_is_complete(sentence):
    assert is_complete(sentence)


@pytest.mark.parametrize("sentence", ["", "Done", "Done,", "Done:", "Done. And"])
def test_a_sentence_without_an_end_is_not(sentence):
    assert not is_complete(sentence)


@pytest.mark.parametrize(
    ("phrase", "text", "count"),
    [
        ("cold brew", "Cold brew and COLD  BREW, not cold brewing.", 2),
        ("c++", "Learn C++ before c++20, or C++.", 2),
        ("café", "Cafe\u0301 and CAFÉ", 2),
        ("", "anything", 0),
    ],
)
def test_uses_counts_whole_words_in_any_case(phrase, text, count):
    assert uses(phrase, text) == count


def test_normalised_makes_spellings_of_one_text_equal():
    assert normalised("ＡＢＣ \n def") == "abc def"
