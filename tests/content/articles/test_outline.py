from content.articles.outline import write
from content.articles.plan import make_plan
from content.articles.quality.check import check
from content.articles.quality.parsed import ParsedArticle
from tests.content.articles.builders import brief

ORDER = brief(notes="Be [kind](https://evil.example) & <b>short</b>.", words=400)


def outline():
    return write(ORDER, make_plan(ORDER))


def test_an_outline_says_what_it_is():
    draft = outline()
    assert (draft.generator, draft.is_demo, draft.provider) == ("extract", True, "extract")
    assert "This is an outline made from your order, not an article" in draft.markdown


def test_an_outline_has_the_plan_and_the_ordered_link_and_nothing_else():
    article = ParsedArticle(outline().markdown)
    assert [block.text for block in article.headings[1:]] == [section.heading for section in make_plan(ORDER).sections]
    links = [link for block in article.blocks for link in block.links]
    assert [(link.href, link.text) for link in links] == [(ORDER.target_url, ORDER.anchor_text)]


def test_an_outline_does_not_pass_as_an_article():
    failed = {finding.name for finding in check(outline(), ORDER).blocking}
    assert {"author", "length"} <= failed
