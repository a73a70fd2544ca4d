import pytest

from content.articles.rendering import render
from tests.content.articles.builders import BRIEF, GOOD

TARGET = BRIEF.target_url
LINK = {"targetUrl": TARGET, "anchorText": "cold brew beans"}


def test_the_article_becomes_headings_and_paragraphs_without_its_title():
    html = render(GOOD, paid=[LINK])
    assert html.startswith("<h2>Cold brew: the basics</h2>\n<p>Cold brew is")
    assert html.count("<h2>") == 3
    assert "<h1>" not in html


def test_the_ordered_link_is_marked_as_sponsored():
    assert f'<a href="{TARGET}" rel="sponsored">cold brew beans</a>' in render(GOOD, paid=[LINK])


@pytest.mark.parametrize(
    ("rel", "mark"), [("nofollow", ' rel="nofollow"'), ("", ""), ("sponsored", ' rel="sponsored"')]
)
def test_staff_may_mark_it_in_another_way(rel, mark):
    assert f'<a href="{TARGET}"{mark}>' in render(GOOD, paid=[LINK | {"rel": rel}])


def test_links_that_others_paid_for_stay_marked():
    earlier = {"targetUrl": "https://other.example/", "anchorText": "x"}
    assert render("[x](https://other.example/)", paid=[LINK, earlier]).count('rel="sponsored"') == 1


def test_another_link_is_not():
    assert render("[x](https://other.example/)", paid=[LINK]) == '<p><a href="https://other.example/">x</a></p>\n'


@pytest.mark.parametrize(
    "url", ["https://a.example/?a=1&b=(2)", "https://münchen.example/ü", "https://a.example/100%25"]
)
def test_the_mark_survives_unusual_addresses(url):
    assert render(f"[x](<{url}>)", paid=[{"targetUrl": url}]).count('rel="sponsored"') == 1


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<iframe src='https://evil.example'></iframe>",
        "<style>*{display:none}</style>",
        "<svg/onload=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:msgbox)",
        "[x](file:///etc/passwd)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "![x](https://evil.example/pixel.png)",
        '[x](https://a.example/ "title\\" onmouseover=alert(1)")',
        "[x](//evil.example)\n\n[r]: javascript:alert(1)\n[r]",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    ],
)
def test_an_attack_stays_harmless_text(attack):
    html = render(attack, paid=[LINK])
    for tag in ("<script", "<img", "<iframe", "<style", "<svg", "<math", "<form"):
        assert tag not in html
    for scheme in ("javascript:", "data:", "vbscript:", "file:"):
        assert f'="{scheme}' not in html.lower()
    assert "title=" not in html
