"""Documents of all kinds, and broken ones."""

import datetime
import json

import pytest
from django.utils import timezone

from content.articles.feeds.items import MOST_ITEMS, plain, read
from content.internet.addresses import Refused
from tests.content.articles.feeds.server import RSS

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry>
<title type="html">A &lt;b&gt;bold&lt;/b&gt; step</title>
<id>urn:1</id><link href="https://news.example/atom"/><updated>2026-11-20T08:30:00+02:00</updated>
<author><name>W</name></author>
<content type="html">&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;</content></entry></feed>"""

ITEM = '<rss version="2.0"><channel><item><title>TITLE</title><guid>1</guid></item></channel></rss>'


def test_rss_gives_plain_text_without_scripts():
    first, second = read(RSS)
    assert (first.title, first.content) == ("Heaps & soil", "First.\n\nSecond one.")
    assert (first.source_url, first.guid, first.category, first.author) == (
        *("https://news.example/heaps", "a1"),
        *("city", "R. Writer"),
    )
    assert first.published_at == datetime.datetime(2026, 11, 20, 8, 30, tzinfo=datetime.UTC)
    assert timezone.now() - second.published_at < datetime.timedelta(minutes=1)


def test_atom():
    (item,) = read(ATOM)
    assert (item.title, item.content, item.author) == ("A bold step", "One\n\nTwo", "W")
    assert item.published_at == datetime.datetime(2026, 11, 20, 6, 30, tzinfo=datetime.UTC)


def test_json_in_the_names_of_the_api_and_json_feeds():
    ours = [{"title": "T", "content": "C", "sourceUrl": "https://n.example/1", "publishedAt": "2026-11-20T08:30:00Z"}]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "7", "content_html": "<p>C</p>"}]}
    assert read(json.dumps(ours).encode())[0].published_at.hour == 8
    (item,) = read(json.dumps(feed).encode())
    assert (item.title, item.content, item.guid) == ("C", "C", "7")


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"/etc/passwd", b"http://127.0.0.1/", b"<html><body>Hotel</body></html>", b"{", b"[" * 100_000]
    + [b'{"items": 7}', b'"text"', b"\xff\xfe\x00", b"<rss", bytes(1000)],
)
def test_what_is_no_feed_is_refused(content):
    with pytest.raises(Refused):
        read(content)


@pytest.mark.parametrize(
    "entry",
    [7, {}, {"title": "T"}, {"title": 7, "content": ["x"]}, {"id": "1"}, {"title": "T", "url": "javascript:x"}]
    + [{"title": "T", "url": "https://news.example/\0"}, {"title": "T", "url": "https://news.example/\ud800"}]
    + [{"title": {"a": 1}, "url": 7, "authors": [7], "tags": 7}],
)
def test_what_is_no_article_is_left_out(entry):
    assert read(json.dumps([entry, {"title": "T", "id": "1", "content": "C"}]).encode())[0].title == "T"
    assert len(read(json.dumps([entry]).encode())) == 0


def test_odd_moments_are_now():
    for moment in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "yesterday", 7, "2026-13-40T00:00:00Z"):
        (item,) = read(json.dumps([{"title": "T", "id": "1", "publishedAt": moment}]).encode())
        assert timezone.now() - item.published_at < datetime.timedelta(minutes=1)


def test_a_document_of_thousands_is_cut():
    many = [{"title": "T", "id": str(number)} for number in range(MOST_ITEMS * 3)]
    assert len(read(json.dumps(many).encode())) == MOST_ITEMS


def test_entities_that_grow_are_not_expanded():
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE r [<!ENTITY e0 "boom">{lines}]>{ITEM.replace("TITLE", "&e11;")}'
    assert sum(len(item.title) for item in read(bomb.encode())) < 1000


def test_a_file_of_this_machine_is_not_read():
    feed = f'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>{ITEM.replace("TITLE", "a&x;b")}'
    assert "root" not in str(read(feed.encode()))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        ("a\0b\x07c", "ab c"),
        ("half a \ud83d character", "half a character"),
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\n\nc"),
        ("&lt;script&gt; stays as words", "<script> stays as words"),
        ("<style>x</style><img src=x onerror=alert(1)>a", "a"),
    ],
)
def test_plain(value, expected):
    assert plain(value) == expected
