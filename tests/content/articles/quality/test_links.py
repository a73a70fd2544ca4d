import pytest

from tests.content.articles.builders import BRIEF
from tests.content.articles.quality.tables import finding

LINK = f"[cold brew beans]({BRIEF.target_url})"


def article(middle: str, *, first: str = "First.", last: str = "Last.") -> str:
    return f"# T\n\n## A\n\n{first}\n\n{middle}\n\n## B\n\n{last}\n"


@pytest.mark.parametrize(
    ("middle", "detail"),
    [
        (f"See {LINK}.", ""),
        (f"See [cold  brew\nbeans]({BRIEF.target_url}).", ""),
        (f"See [cold **brew** beans]({BRIEF.target_url}).", ""),
        (f"See [cold brew beans]({BRIEF.target_url} 'title').", ""),
        ("See cold brew beans.", "The link is there 0 times."),
        (f"See `{LINK}`.", "The link is there 0 times."),
        (f"```\n{LINK}\n```", "The link is there 0 times."),
        (f"See {LINK} and {LINK}.", "The link is there 2 times."),
        (f"See [cold brew beans]({BRIEF.target_url}/).", "The link is there 0 times."),
        (f"See [beans]({BRIEF.target_url}).", "Its text is “beans” instead of “cold brew beans”."),
        (f"See [Cold brew beans]({BRIEF.target_url}).", "Its text is “Cold brew beans” instead of “cold brew beans”."),
        (f"See []({BRIEF.target_url}).", "Its text is “” instead of “cold brew beans”."),
    ],
)
def test_the_ordered_link_is_there_once_with_its_exact_text(middle, detail):
    found = finding("link", article(middle))
    assert (found.ok, found.detail) == (not detail, detail)


def test_ways_to_write_one_character_are_the_same_text():
    assert finding("link", article(f"[Cafe\u0301]({BRIEF.target_url})"), anchor_text="Café").ok


@pytest.mark.parametrize(
    ("markdown", "ok"),
    [
        (article(f"See {LINK}."), True),
        (article("Two.", first=f"See {LINK}."), False),
        (article("Two.", last=f"See {LINK}."), False),
        (article(f"See {LINK}.", last=f"See {LINK}."), False),
        (f"# T\n\nOne.\n\n## See {LINK}\n\nTwo.\n\nThree.", False),
        (article("Nothing."), False),
    ],
)
def test_the_link_stands_in_the_middle(markdown, ok):
    assert finding("link_position", markdown).ok is ok


@pytest.mark.parametrize(
    ("extra", "ok"),
    [
        ("", True),
        ("[more](https://evil.example/)", False),
        ("[home](https://beans.example.com/)", False),
        ("<https://evil.example/>", False),
        ("![x](https://evil.example/x.png)", False),
        ("Look at https://evil.example/ now.", False),
        ("Look at www.evil.example now.", False),
        ("Look at evil things.", True),
        ("Look at Evil.COM now.", False),
        ("Look at evil.example now.", False),
        ("Write to Bob@Evil.Org now.", False),
        ("Look at Node.js now.", True),
    ],
)
def test_there_is_no_other_link_or_address(extra, ok):
    assert finding("other_links", article(f"See {LINK}. {extra}")).ok is ok


def test_a_second_link_to_the_ordered_site_is_named_as_such():
    detail = finding("other_links", article(f"{LINK} [home](https://beans.example.com/)")).detail
    assert detail == "1 more to the ordered site: https://beans.example.com/"


def test_an_ordered_anchor_may_be_an_address_and_a_keyword_a_name():
    link = f"[www.beans.example]({BRIEF.target_url})"
    assert finding("other_links", article(f"See {link} now."), anchor_text="www.beans.example").ok
    assert finding("other_links", article(f"{LINK} on Booking.com."), keyword="rooms on Booking.com").ok
    assert not finding("other_links", article(f"{LINK} on www.rooms.example."), keyword="www.rooms.example").ok
    assert not finding("other_links", article(f"{LINK} on Booking.com."), topic="Rooms on Booking.com").ok


@pytest.mark.parametrize(
    ("extra", "ok"),
    [
        ("A < B and B > C.", True),
        ("R&D &amp; more.", True),
        ("`<b>` in code.", True),
        ("<b>bold</b>", False),
        ("<div>\nblock\n</div>", False),
        ("<!-- hidden -->", False),
        ("[x](javascript:alert(1))", False),
        ("[x](JAVASCRIPT:alert(1))", False),
        ("[x](data:text/html,x)", False),
        ("![x](file:///etc/passwd)", False),
        ("[x](/relative)", False),
        ("[x](mailto:a@b.example)", False),
    ],
)
def test_there_is_no_html_and_no_unsafe_link(extra, ok):
    assert finding("markup", article(f"See {LINK}. {extra}")).ok is ok
