import pytest

from tests.content.articles.quality.tables import finding

FILLER = " ".join(f"word{letter}{other}" for letter in "abcdefghij" for other in "klmnopqrst")


@pytest.mark.parametrize(
    ("markdown", "ok"),
    [
        (f"# T\n\nCold brew and COLD brew. {FILLER}.", True),
        (f"# T\n\n## Cold brew\n\nOne cold brew. {FILLER}.", True),
        (f"# T\n\nOne cold brew. {FILLER}.", False),
        (f"# Cold brew\n\nOne cold brew. {FILLER}.", False),
        (f"# T\n\n## Cold brew\n\n## More cold brew\n\n{FILLER}.", False),
        (f"# T\n\nCold brewing and cold brews. {FILLER}.", False),
        ("# T\n\n" + "Cold brew is cold brew. " * 5 + FILLER, False),
    ],
)
def test_the_keyword_is_used_but_not_stuffed(markdown, ok):
    assert finding("keyword", markdown).ok is ok


def test_without_a_keyword_there_is_nothing_to_miss():
    assert finding("keyword", "# T\n\nText.", keyword="").ok


@pytest.mark.parametrize(
    ("body", "ok"),
    [
        ("Brewing coffee cold takes a night.", True),
        ("Coffee can be made in a jar, cold.", True),
        ("Gardens need sun and rain.", False),
        ("", False),
    ],
)
def test_the_topic_is_spoken_about_in_the_body(body, ok):
    assert finding("theme", f"# How cold brew coffee is made\n\n{body}").ok is ok


@pytest.mark.parametrize("topic", ["How to do it", "日本語", "???"])
def test_a_topic_of_small_words_breaks_nothing(topic):
    assert finding("theme", "# T\n\n日本語 text.", topic=topic).ok


def test_a_text_in_a_loop_is_refused():
    loop = "The jar stands in a cool and quiet corner of the house. "
    assert finding("repetition", f"# T\n\n{FILLER}. {loop}").ok
    assert not finding("repetition", f"# T\n\n{loop * 5}").ok
    assert not finding("repetition", f"# T\n\n{loop}{FILLER}. {FILLER}.").ok


@pytest.mark.parametrize(
    "phrase",
    [
        "Sure, here is your text.",
        "Certainly! The text follows.",
        "Here is the article that was ordered.",
        "As an AI language model, I have no taste.",
        "I'm sorry, that is not possible.",
        "I cannot help with this.",
        "Made by [Your Name] in town.",
        "Ask [Company] for more.",
        "Say {{ name }} aloud.",
        "Lorem ipsum dolor sit amet.",
        "TODO: write the end.",
        "It ends here.<|im_end|>",
        "I hope this helps, friends.",
    ],
)
def test_what_a_machine_leaves_behind_is_refused(phrase):
    assert not finding("phrases", f"# T\n\n{phrase}").ok


@pytest.mark.parametrize(
    "sentence",
    [
        "Make sure, here and there, that it is cold.",
        "A todo list helps.",
        "As an AI company grows, its coffee bill does too.",
        "Here is what counts most.",
        "The array [1, 2] is short.",
        "Certainly the best drink.",
    ],
)
def test_ordinary_sentences_are_not(sentence):
    assert finding("phrases", f"# T\n\n{sentence}").ok


def test_figures_that_nobody_gave_are_named():
    found = finding("figures", "# T\n\nIn 1964 it cost 3.50 in 12 cafés.", topic="12 cafés")
    assert (found.ok, found.severity, found.detail) == (False, "warn", "Check before publishing: 1964, 3.50")
    assert finding("figures", "# T\n\nNo figures.").ok


def test_words_that_the_house_does_not_want_are_named_unless_they_were_ordered():
    text = "# T\n\nIn Today’s world it is a game-changer. Delve deeper."
    found = finding("unwanted", text, unwanted=("game-changer", "delve", "world it", "deep"))
    assert (found.ok, found.severity) == (False, "revise")
    assert found.detail == "Found: game-changer, delve, world it"
    assert finding("unwanted", text, unwanted=("game-changer",), keyword="game-changer").ok
    assert finding("unwanted", text).ok
