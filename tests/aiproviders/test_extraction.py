import pytest

from aiproviders import extraction

STORY = """The council voted on Tuesday to open the old harbour to swimmers. Dr. Mary J. Holt said the water had
been clean for 3 years. "We tested it every week," she said. The harbour was closed in 1962, when 14 mln
litres of oil ran out of a tank. Swimmers must stay inside the buoys! The budget is $2.5 million, or 12%
of the harbour fund."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One is here. Two is there.", ["One is here.", "Two is there."]),
        ("Dr. Holt met Mr. J. Smith. They spoke.", ["Dr. Holt met Mr. J. Smith.", "They spoke."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("It rose 3.5 per cent in the U.S. Then it fell.", ["It rose 3.5 per cent in the U.S. Then it fell."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("broken\nover   lines\there. Next.", ["broken over lines here.", "Next."]),
        ("no full stop", ["no full stop"]),
        ("Topic: compost. Not prose.\nThis is prose.", ["This is prose."]),
        ("", []),
        ("... 123 !!!", []),
    ],
)
def test_sentences(text, expected):
    assert extraction.sentences(text) == expected


def test_every_word_of_the_prose_is_in_some_sentence():
    assert " ".join(extraction.sentences(STORY)) == " ".join(STORY.split())


def test_facts_are_the_labelled_lines():
    text = "Topic: Composting at home\nNotes:   two   things\nAt 10:30 we met.\nhttp://x.example/: no\nEmpty:"

    assert extraction.facts(text) == [("Topic", "Composting at home"), ("Notes", "two things")]


def test_keywords_are_spelled_as_in_the_text():
    assert extraction.keywords(STORY)[0].lower() == "harbour"
    assert all(word in STORY for word in extraction.keywords(STORY))


def test_figures_stand_as_in_the_text():
    assert extraction.figures(STORY, 4) == ["1962", "14 mln", "$2.5 million", "12%"]


def test_a_question_draws_its_passages_forward():
    pieces = extraction.sentences(STORY)
    plain, asked = extraction.weights(pieces), extraction.weights(pieces, "What is the budget of the fund?")

    budget = next(i for i, piece in enumerate(pieces) if "budget" in piece)
    assert asked[budget] / max(asked) > plain[budget] / max(plain)


def test_sentences_without_words_in_common_still_have_a_weight():
    assert all(weight > 0 for weight in extraction.weights(["Alpha beta.", "Gamma delta.", "It is."]))
