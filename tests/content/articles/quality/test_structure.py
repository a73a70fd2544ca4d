import pytest

from content.articles.quality.check import check
from tests.content.articles.builders import GOOD, brief, draft
from tests.content.articles.quality.tables import finding


def test_only_a_model_counts_as_author():
    assert finding("author", GOOD).ok
    assert not finding("author", GOOD, generator="extract").ok


def test_a_text_of_the_demo_model_says_that_it_needs_a_reader():
    found = next(found for found in check(draft(is_demo=True), brief()).findings if found.name == "trust")
    assert (found.ok, found.severity) == (False, "warn")
    assert finding("trust", GOOD).ok


@pytest.mark.parametrize(
    ("end", "ok"),
    [
        ("It ends here.", True),
        ("Does it end here?", True),
        ("“It ends here.”", True),
        ("It breaks off in the", False),
        ("It leads to:", False),
        ("It ends here.\n\n## A heading", False),
        ("It ends here.\n\n```\ncode\n```", False),
        ("```\nnever closed.", False),
    ],
)
def test_the_last_sentence_is_whole(end, ok):
    assert finding("ending", f"# T\n\n## A\n\n{end}").ok is ok


@pytest.mark.parametrize(("written", "ok"), [(89, False), (90, True), (100, True), (120, True), (121, False)])
def test_the_length_is_within_ten_percent_below_and_twenty_above(written, ok):
    found = finding("length", "# Title\n\n" + "word " * (written - 2) + "end.", words=100)
    assert (found.ok, found.detail) == (ok, f"{written} words; 90 to 120 for 100 ordered")


def test_words_are_counted_as_a_reader_sees_them():
    markdown = "# One *two*\n\n[three](https://a.example/not/counted?x=1) four &amp; **five** \\*\n"
    assert finding("length", markdown, words=5).ok


@pytest.mark.parametrize(
    ("headings", "ok"),
    [
        ("# T\n\n## A\n\n## B", True),
        ("# T\n\n## A\n\n### B\n\n## C", True),
        ("T\n=\n\nA\n-\n\nB\n-", True),
        ("## A\n\n## B", False),
        ("# T\n\n# U\n\n## A\n\n## B", False),
        ("# T\n\n## A", False),
        ("# T\n\n### A\n\n## B\n\n## C", False),
        ("## A\n\n# T\n\n## B", False),
        ("```\n# T\n\n## A\n\n## B\n```", False),
        ("no headings at all", False),
    ],
)
def test_one_title_and_two_headings_in_order(headings, ok):
    assert finding("headings", headings).ok is ok
