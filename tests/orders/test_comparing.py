"""Changes between two versions, made readable."""

from types import SimpleNamespace

import pytest

from content.articles.services import word_diff
from orders.comparing import blocks


def compared(before: str, after: str) -> list:
    found = blocks(word_diff(SimpleNamespace(markdown=before), SimpleNamespace(markdown=after)))
    return [(block.is_heading, [(op, text.strip()) for op, text in block.pieces]) for block in found]


def test_paragraphs_and_headings_stay_apart_and_signs_of_headings_vanish():
    assert compared("# Tea\n\nOne.\n\n## Two\n\nThree.", "# Tea\n\nOne.\n\n## Two\n\nThree.") == [
        (True, [("equal", "Tea")]),
        (False, [("equal", "One.")]),
        (True, [("equal", "Two")]),
        (False, [("equal", "Three.")]),
    ]


def test_a_replaced_word_is_a_removal_and_an_addition():
    assert compared("It is a hot drink.", "It is a cold drink.") == [
        (False, [("equal", "It is a"), ("delete", "hot"), ("insert", "cold"), ("equal", "drink.")])
    ]


def test_one_or_two_kept_words_between_changes_do_not_flicker():
    assert compared("a b c d e f one x two g h i", "a b c d e f eins x zwei g h i") == [
        (False, [("equal", "a b c d e f"), ("delete", "one x two"), ("insert", "eins x zwei"), ("equal", "g h i")])
    ]


def test_a_link_is_its_words_and_its_address():
    assert compared("Buy [cold beans](https://a.example/x) now.", "Buy [cold beans](https://a.example/x) here.") == [
        (False, [("equal", "Buy cold beans (https://a.example/x)"), ("delete", "now."), ("insert", "here.")])
    ]


@pytest.mark.parametrize("end", ["", " One more.", "\n\nAnother paragraph."])
def test_what_is_kept_and_added_is_the_new_text(end):
    before, after = "# A\n\nOld words here.\n\nThe end is near.", f"# A\n\nNew words there.\n\nThe end was near.{end}"
    texts = ["".join(text for op, text in pieces if op != "delete") for _, pieces in compared(before, after)]
    assert "".join("".join(texts).split()) == "".join(after.replace("#", "").split())
