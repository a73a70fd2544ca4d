import pytest

from content.articles.document import Document, Part
from content.articles.keyword import mention_keyword


def document(*texts: str) -> Document:
    return Document("Cold brew", tuple(Part("Cold brew", (text,)) for text in texts))


@pytest.mark.parametrize("keyword", ["cold brew", "COLD  BREW", "", "  "])
def test_a_text_that_has_the_keyword_or_needs_none_stays_as_it_is(keyword):
    text = document("Good cold brew.", "The end.")
    assert mention_keyword(text, keyword) is text


def test_a_keyword_that_is_only_in_headings_is_mentioned_once_at_the_end():
    text = mention_keyword(document("Good coffee.", "The end."), "cold\n brew")
    assert [part.paragraphs for part in text.parts] == [
        ("Good coffee.",),
        ("The end. All of this is part of cold brew.",),
    ]
