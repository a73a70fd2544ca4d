import pytest

from content.articles.document import Document, Part, to_markdown
from content.articles.linking import place_link
from content.articles.quality.parsed import ParsedArticle
from tests.content.articles.builders import brief

URL = "https://beans.example.com/cold-brew"


def linked(paragraphs: list[list[str]], *, part: int = 1, **fields) -> ParsedArticle:
    """A document of those paragraphs per section, with the link placed."""
    parts = tuple(Part(f"Section {number}", tuple(texts)) for number, texts in enumerate(paragraphs))
    return ParsedArticle(to_markdown(place_link(Document("Title", parts), brief(**fields), part=part)))


def where(article: ParsedArticle) -> list[tuple[int, str]]:
    """(paragraph number, anchor text) of every link."""
    return [(number, link.text) for number, block in enumerate(article.paragraphs) for link in block.links]


def test_words_that_are_there_become_the_link():
    article = linked([["One."], ["Good cold brew beans help."], ["Three."]])
    assert where(article) == [(1, "cold brew beans")]
    assert article.paragraphs[1].text == "Good cold brew beans help."


def test_only_the_first_occurrence_becomes_the_link():
    article = linked([["One."], ["Use cold brew beans, fresh cold brew beans."], ["Buy cold brew beans."]])
    assert where(article) == [(1, "cold brew beans")]


def test_the_chosen_section_comes_first_but_any_inner_one_will_do():
    texts = [["One."], ["Here are cold brew beans."], ["Nothing."], ["And cold brew beans."], ["Last."]]
    assert where(linked(texts, part=3)) == [(3, "cold brew beans")]
    assert where(linked(texts, part=2)) == [(1, "cold brew beans")]


@pytest.mark.parametrize("text", ["Nothing to see.", "Cold Brew Beans.", "cold brew beansprouts.", "xcold brew beans."])
def test_otherwise_a_short_sentence_is_added(text):
    article = linked([["One."], [text], ["Three."]])
    assert where(article) == [(1, "cold brew beans")]
    assert article.paragraphs[1].text.startswith(f"{text} ")
    assert article.paragraphs[1].text.endswith(" see cold brew beans.")


def test_never_in_the_first_or_last_paragraph():
    texts = [["Cold brew beans, cold brew beans."], ["Two."], ["The cold brew beans."]]
    assert [number for number, _ in where(linked(texts))] == [1]
    assert [number for number, _ in where(linked(texts, part=0))] == [1]
    assert [number for number, _ in where(linked(texts, part=2))] == [1]


def test_inner_paragraphs_of_the_first_and_last_section_count():
    texts = [["One.", "Some cold brew beans."], ["Three."], ["Four."]]
    assert where(linked(texts)) == [(1, "cold brew beans")]


@pytest.mark.parametrize("anchor", ["c++ (2nd)", "Grüße & Küsse", "日本語", "what?", "{anchor}", "a_b*c", "$1 \\1"])
def test_any_anchor_is_linked_letter_for_letter(anchor):
    assert where(linked([["One."], ["Two."], ["Three."]], anchor_text=anchor)) == [(1, anchor)]
    found = linked([["One."], [f"Two with {anchor} inside."], ["Three."]], anchor_text=anchor)
    assert where(found) == [(1, anchor)]
    assert found.paragraphs[1].text == f"Two with {anchor} inside."


def test_an_anchor_that_ends_a_sentence_gets_no_second_mark():
    assert linked([["One."], ["Two."], ["Three."]], anchor_text="what next?").paragraphs[1].text.endswith("what next?")
