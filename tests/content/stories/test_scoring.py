import pytest

from content.stories import lexicon
from content.stories.scoring import score

FILLER = "the report describes how the town council spends its money on roads and schools every year. " * 20


def found(text: str, topic: str = "hype") -> dict[str, int]:
    """The lexicon's words in `text` and their points."""
    return {line["word"]: line["points"] for line in score("", text).evidence[topic]}


def test_a_sober_text_scores_nothing():
    scores = score("Council meets on Tuesday", FILLER)
    assert (scores.hype, scores.ethics, scores.evidence) == (0.0, 0.0, {"hype": [], "ethics": []})


def test_the_formula_is_the_documented_one():
    # 3 points (weight 3) in fewer than 100 words: 10 x (1 - e^(-3/6))
    assert score("", "a revolutionary thing").hype == 3.9
    # in the title it counts twice
    assert score("A revolutionary thing", "").hype == 6.3
    # 3 points in 321 words
    assert score("", FILLER + "revolutionary").hype == round(10 * (1 - 2.718281828 ** (-300 / 321 / 6)), 1)


def test_the_same_text_always_has_the_same_scores():
    text = "An unprecedented breakthrough, but whistleblowers warn of bias and surveillance."
    assert score("Title", text) == score("Title", text)
    assert score("Title", text).version == lexicon.VERSION


def test_scores_stay_between_0_and_10_whatever_the_text():
    worst = " ".join(entry.word for forms in lexicon.TABLE.values() for _, entry in forms) * 3
    for scores in (score(worst, worst), score("", ""), score("…", "\n \t"), score("x" * 200, "y" * 50_000)):
        assert 0 <= scores.hype <= 10
        assert 0 <= scores.ethics <= 10


@pytest.mark.parametrize(
    "text",
    ["It revolutionized radio.", "REVOLUTIONIZING!", "revolutionizes—everything", "(Revolutionize)", "“revolutionize”"],
)
def test_inflections_count_in_any_case_and_beside_any_mark(text):
    assert found(text)["revolutionize"] == 3


@pytest.mark.parametrize("text", ["hyperlink", "surgeon", "boomerang", "Sueton", "wowed.example", "embold"])
def test_parts_of_words_do_not_count(text):
    words = set(found(text)) | set(found(text, "ethics"))
    assert words <= {"wow"}


def test_of_a_phrase_its_parts_do_not_count_again():
    assert found("They used it without consent.", "ethics") == {"without consent": 3}
    assert found("A ground-breaking, game-changing chip") == {"ground breaking": 3, "game changing": 3}


@pytest.mark.parametrize(
    "text",
    [
        "This is not revolutionary.",
        "It isn't revolutionary.",
        "It isn’t really that revolutionary.",
        "There is no revolutionary idea here.",
        "Nobody would call it hardly revolutionary",
    ],
)
def test_a_negated_word_gives_no_points_but_is_shown(text):
    scores = score("", text)
    assert scores.hype == 0
    assert [(line["word"], line["count"], line["negated"]) for line in scores.evidence["hype"]] == [
        ("revolutionary", 0, 1)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "It is not only revolutionary.",
        "No doubt revolutionary.",
        "It did not sell. A revolutionary idea.",
        "It did not sell, a revolutionary idea",
        "Not cheap but revolutionary",
        "It is not cheap to make at all, revolutionary",
        "No company of this size has been revolutionary",
    ],
)
def test_a_negation_ends_with_its_clause_or_after_three_words(text):
    assert found(text) == {"revolutionary": 3}


def test_a_phrase_that_holds_a_negation_negates_nothing_else():
    assert found("A never-before disruptive tool") == {"never before": 3, "disruptive": 2}


def test_a_word_counts_three_times_at_most():
    assert found("massive " * 50) == {"massive": 3}


def test_evidence_is_what_stood_there_heaviest_first_and_bounded():
    scores = score("Breakthroughs", "A huge breakthrough in a gold rush.")
    assert [(line["word"], line["forms"], line["count"], line["points"]) for line in scores.evidence["hype"]] == [
        ("breakthrough", ["breakthroughs", "breakthrough"], 2, 6),
        ("gold rush", ["gold rush"], 1, 2),
        ("huge", ["huge"], 1, 1),
    ]
    everything = " ".join(entry.word for forms in lexicon.TABLE.values() for _, entry in forms)
    assert len(score("", everything).evidence["hype"]) == 20
