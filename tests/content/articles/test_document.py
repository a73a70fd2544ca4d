import pytest
from markdown_it import MarkdownIt

from content.articles.document import Document, Link, Part, destination, escaped, to_markdown
from content.articles.quality.parsed import ParsedArticle, link_target

NASTY = [
    "*stars* _lines_ `ticks` ~~gone~~",
    "[words](https://evil.example)",
    "![picture](https://evil.example/x.png)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "AT&amp;T &copy; R&D",
    "# not a heading",
    "- not a list",
    "+ not a list",
    "12. not a list",
    "3) not a list",
    "> not a quotation",
    "=== not a line",
    "--- not a line",
    "a | b | c",
    "back\\slash and trailing \\",
    "C# and F #",
    "[1]: https://evil.example",
    "~~~",
]


@pytest.mark.parametrize("text", NASTY)
def test_plain_text_stays_plain_text(text):
    article = ParsedArticle(to_markdown(Document(text, (Part(text, (text,)),))))
    assert [(block.level, block.text, block.links) for block in article.blocks] == [
        (1, text, ()),
        (2, text, ()),
        (0, text, ()),
    ]


@pytest.mark.parametrize("anchor", [*NASTY, "Grüße & Küsse", "日本語", "c++ (2nd)", "a]b[c", "wow!"])
@pytest.mark.parametrize("before", ["See ", "Wow!", "Look at this!"])
def test_the_link_has_exactly_the_anchor_text(anchor, before):
    paragraph = f"{before}{anchor} now."
    link = Link(0, 0, len(before), len(before) + len(anchor), "https://a.example/")
    (block,) = ParsedArticle(to_markdown(Document("T", (Part("H", (paragraph,)),), (link,)))).paragraphs
    assert block.text == paragraph
    assert [(found.text, found.href) for found in block.links] == [(anchor, "https://a.example/")]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/plain",
        "https://a.example/wiki/Bee_(insect)",
        "https://a.example/open(paren",
        "https://a.example/?a=1&copy=2&amp;=3&lt;",
        "https://a.example/100%25?q=%20x",
        "https://a.example/ü/日本",
        "https://münchen.example/",
        "https://a.example/#part*of_it~",
    ],
)
def test_the_address_survives_exactly(url):
    paragraph, link = "See here now.", Link(0, 0, 4, 8, url)
    (block,) = ParsedArticle(to_markdown(Document("T", (Part("H", (paragraph,)),), (link,)))).paragraphs
    assert [found.href for found in block.links] == [link_target(url)]


@pytest.mark.parametrize(
    "url", ["https://a.example/a b", "https://a.example/<x>", 'https://a.example/"x"', "https://a.example/\\"]
)
def test_what_cannot_stand_in_an_address_is_encoded(url):
    assert MarkdownIt("js-default").parseInline(f"[x]({destination(url)})")[0].children[0].type == "link_open"
    assert not set(' <>"\\') & set(destination(url)[1:-1])


def test_ordinary_text_is_left_alone():
    assert escaped("It's a 100 % normal (short) sentence - really; e.g. 3.5 & more!") == (
        "It's a 100 % normal (short) sentence - really; e.g. 3.5 & more!"
    )
