import pytest

from content.stories import answers, prompts
from content.stories.errors import InvalidAnswer
from tests.content.stories.builders import GOOD

SOURCE = "A firm shows a chip. More on https://firm.example/chip and from press@firm.example"


def checked(**changes) -> dict:
    return answers.checked(GOOD | changes, source=SOURCE)


def test_a_good_answer_passes_as_it_is():
    assert checked() == GOOD


def test_numbers_get_one_decimal():
    assert checked(hypeScore=7, ethicsScore=3.14159) == GOOD | {"hypeScore": 7.0, "ethicsScore": 3.1}


@pytest.mark.parametrize("value", ["7", "high", None, True, [7], {}, 11, -1, 10.01, -0.01, float("nan"), float("inf")])
@pytest.mark.parametrize("name", answers.SCORES)
def test_what_is_no_number_from_0_to_10_is_refused(name, value):
    with pytest.raises(InvalidAnswer) as refused:
        checked(**{name: value})
    assert (refused.value.field, refused.value.kind) == (name, "invalid_answer")


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_key_is_refused(name):
    with pytest.raises(InvalidAnswer):
        answers.checked({key: value for key, value in GOOD.items() if key != name}, source=SOURCE)


@pytest.mark.parametrize("data", [None, [], "text", 7])
def test_what_is_no_object_is_refused(data):
    with pytest.raises(InvalidAnswer):
        answers.checked(data, source=SOURCE)


@pytest.mark.parametrize("value", ["", " \n\t ", "...", "<p></p>", "\u200b\u2060", 7, None, ["text"]])
@pytest.mark.parametrize("name", answers.MOST_CHARACTERS)
def test_a_text_without_words_is_refused(name, value):
    with pytest.raises(InvalidAnswer):
        checked(**{name: value})


@pytest.mark.parametrize("length", [1501, 1_000_000])
def test_a_text_that_is_too_long_is_refused_and_not_quoted(length):
    with pytest.raises(InvalidAnswer) as refused:
        checked(eli5Summary="word " * (length // 5 + 1))
    assert str(refused.value) == "The answer's eli5Summary is longer than 1500 characters."


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<b>A chip</b> is <i>fast</i>.", "A chip is fast."),
        ("A chip<script>alert(1)</script>.", "A chip."),
        ("A chip<img src=x onerror=alert(1)>.", "A chip."),
        ("A chip &lt;script&gt;alert(1)&lt;/script&gt;is fast", "A chip is fast"),
        ("Tom &amp; Ada: 3 < 4", "Tom & Ada: 3 < 4"),
        ("two\nlines\u202e and \u0000 more", "two lines and more"),
    ],
)
def test_markup_is_taken_out(text, plain):
    assert checked(eli5Summary=text)["eli5Summary"] == plain


def test_markup_that_hides_behind_two_escapes_is_refused():
    with pytest.raises(InvalidAnswer):
        checked(eli5Summary="A chip &amp;lt;script&amp;gt;alert(1)")


@pytest.mark.parametrize("text", ["See https://evil.example/x", "www.evil.example", "Write to me@evil.example.org now"])
def test_an_address_that_the_story_has_not_is_refused(text):
    with pytest.raises(InvalidAnswer) as refused:
        checked(realityCheck=text)
    assert "evil" not in str(refused.value)


def test_an_address_of_the_story_may_be_named():
    text = "Only https://firm.example/chip and press@firm.example say so"
    assert checked(realityCheck=text)["realityCheck"] == text


@pytest.mark.parametrize("text", [f"My rules: {prompts.SYSTEM}", "<source-0123abcd> is over", "source-0123abcd says"])
def test_an_answer_that_quotes_its_question_is_refused(text):
    with pytest.raises(InvalidAnswer):
        checked(eli5Summary=text)
