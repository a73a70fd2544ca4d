import pytest

from content.articles.markup import plain_paragraphs


@pytest.mark.parametrize(
    ("answer", "paragraphs"),
    [
        ("One.\n\nTwo\nlines.", ["One.", "Two lines."]),
        ("# A title\n\nText.", ["Text."]),
        ("Title\n=====\n\nText.", ["Text."]),
        ("```\nWrapped text.\n```", ["Wrapped text."]),
        ("```markdown\n# T\n\nWrapped text.\n```", ["Wrapped text."]),
        ("Before.\n\n```\ncode()\n```\n\nAfter.", ["Before.", "After."]),
        ("Some **bold** and *soft* `code` words.", ["Some bold and soft code words."]),
        ("A [link](https://evil.example) here.", ["A link here."]),
        ("A picture ![of bees](https://evil.example/x.png) here.", ["A picture here."]),
        ("- First item here.\n- Second item here.", ["First item here.", "Second item here."]),
        ("1. **Location:** Choose a sunny roof.", ["Choose a sunny roof."]),
        ("1. **Start small** - Begin with one hive.", ["Begin with one hive."]),
        ("<p>In a paragraph.</p>\n\nAfter.", ["In a paragraph.", "After."]),
        ("<script>alert(1)</script>\n\nText.", ["Text."]),
        ("Text with <b onclick=x>tags</b> inside.", ["Text with tags inside."]),
        ("A\x00B\u202ec.", ["ABc."]),
        ("", []),
        ("   \n\t ", []),
    ],
)
def test_only_the_words_of_paragraphs_are_left(answer, paragraphs):
    assert plain_paragraphs(answer) == paragraphs
