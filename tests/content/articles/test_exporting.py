"""Files made of a version: what Markdown says, in every form, and nothing that its text could smuggle in."""

import io

import pytest
from docx import Document

from content.articles.differences import word_diff
from content.articles.exporting import FORMATS, export
from content.articles.models import ArticleVersion

TEXT = """# Title

A *slow* and **strong** [drink](https://beans.example.com/a).
Next line.

- one
- two

1. first

> said

```
code <b>
```

<script>alert(1)</script> [bad](javascript:alert(1))
"""


def version(text: str = TEXT, **fields) -> ArticleVersion:
    return ArticleVersion(title="Title <1>", markdown=text, html="<p>Text</p>", **fields)


def word(text: str) -> Document:
    return Document(io.BytesIO(export(version(text), "docx").content))


def test_each_block_has_its_style_in_word():
    assert [(block.style.name, block.text) for block in word(TEXT).paragraphs] == [
        ("Heading 1", "Title"),
        ("Normal", "A slow and strong drink. Next line."),
        ("List Bullet", "one"),
        ("List Bullet", "two"),
        ("List Number", "first"),
        ("Quote", "said"),
        ("No Spacing", "code <b>"),
        ("Normal", "<script>alert(1)</script> [bad](javascript:alert(1))"),
    ]


def test_emphasis_and_links_stay_in_word_and_a_script_is_no_link():
    blocks = word(TEXT).paragraphs
    runs = {run.text: (run.bold, run.italic) for run in blocks[1].runs}
    assert (runs["slow"], runs["strong"]) == ((None, True), (True, None))
    assert [link.address for block in blocks for link in block.hyperlinks] == ["https://beans.example.com/a"]


def test_text_has_no_marks():
    text = export(version(), "text").content.decode()
    assert text.startswith("Title\n\nA slow and strong drink. Next line.\n\none\n\ntwo\n\n")
    assert "**" not in text


def test_html_is_a_page_with_an_escaped_title():
    page = export(version(), "html").content.decode()
    assert "<title>Title &lt;1&gt;</title>" in page and "<p>Text</p>" in page


def test_markdown_is_as_it_is_kept():
    assert export(version(), "markdown").content.decode() == TEXT


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "text", ["", "\x0b\x1f \ufffe vertical", "- \n  - \n", "# \n\n[](https://a.example.com)", "&#1; &#xFFFF;"]
)
def test_odd_texts_become_files_too(form, text):
    assert isinstance(export(version(text), form).content, bytes)


def test_the_differences_make_both_texts():
    before, after = version("One two three\n\nfour five."), version("One 2 three\n\nfive six.\n")
    changes = word_diff(before, after)
    assert "".join(change.text for change in changes if change.op != "insert") == before.markdown
    assert "".join(change.text for change in changes if change.op != "delete") == after.markdown
