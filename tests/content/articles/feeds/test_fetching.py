"""Fetching from a real server: what is refused before it is asked, and what it may send."""

import pytest

from content.articles.feeds import fetching
from content.articles.feeds.fetching import Unreachable, fetch
from content.internet.addresses import Refused
from tests.content.articles.feeds.server import RSS


def test_a_document_comes_with_its_kind_and_last_address(site):
    found = fetch(f"{site.url}/to//feed")
    assert (found.content, found.content_type, found.url) == (RSS, "application/rss+xml", f"{site.url}/feed")
    assert site.asked[0][1]["Accept-Encoding"] == "identity"
    assert site.asked[0][1]["Host"] == site.url.removeprefix("http://")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://news.example/feed",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "//news.example/feed",
        "news.example/feed",
        "http://",
        "http://user:secret@news.example/feed",
        "http://news.example:99999/feed",
        "http://news.example:0/",
        "http://[::1/feed",
        "http://news.example/a b",
        "http://news.example/a\r\nX-Evil: 1",
        "http://news.example/" + "a" * 1000,
        "http://ex\u0430mple.org/",
    ],
)
def test_what_is_no_address_on_the_web_is_refused(url):
    with pytest.raises(Refused):
        fetch(url)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "localhost",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
        ),
        *("169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[::1]", "[::]", "[fe80::1]", "[fd00::1]"),
        *("[::ffff:127.0.0.1]", "[::ffff:a9fe:a9fe]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[ff02::1]"),
    ],
)
def test_private_machines_are_not_asked(private_site, host):
    with pytest.raises((Refused, Unreachable)) as raised:
        fetch(f"http://{host}:{private_site.server_port}/feed")
    assert isinstance(raised.value, Refused) or "gaierror" in str(raised.value)
    assert private_site.asked == []


def test_a_redirect_to_a_private_machine_is_not_followed(site, settings):
    settings.FEED_NETWORKS = ["127.0.0.1/32"]
    for target in ("http://127.0.0.2:6379/", "http://169.254.169.254/latest", "file:///etc/passwd", "ftp://x/"):
        with pytest.raises(Refused):
            fetch(f"{site.url}/to/{target}")
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("status/404", Refused, "status 404"),
        ("status/500", Unreachable, "status 500"),
        ("status/429", Unreachable, "status 429"),
        ("gzip", Refused, "compressed"),
        ("endless", Refused, "larger than 3 MB"),
        ("cut", Unreachable, "broke off"),
        ("loop", Refused, "more than 5 times"),
    ],
)
def test_what_a_server_may_not_do(site, path, error, words):
    with pytest.raises(error, match=words):
        fetch(f"{site.url}/{path}")


@pytest.mark.parametrize("path", ["drip", "drip-body"])
def test_a_server_that_drips_is_left(site, monkeypatch, path):
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    with pytest.raises(Unreachable):
        fetch(f"{site.url}/{path}")


def test_a_server_that_is_not_there_may_be_tried_again(settings):
    settings.FEED_NETWORKS = ["127.0.0.0/8"]
    with pytest.raises(Unreachable):
        fetch("http://127.0.0.1:1/feed")
