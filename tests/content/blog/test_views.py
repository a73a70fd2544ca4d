"""The blog as readers, feed readers and search engines get it."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.blog import services
from content.blog.models import Post
from tests.content.blog.builders import draft_of, films, make_post, skyfall

pytestmark = pytest.mark.django_db
PUBLIC = "https://desk.example"


@pytest.fixture(autouse=True)
def public_url(settings):
    settings.PUBLIC_URL = PUBLIC


def published(count: int) -> list[Post]:
    return [make_post(title, publish=True) for title in films(count)]


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("path", ["/blog", "/blog/"])
def test_without_posts_the_page_says_what_that_means(client, path):
    page = text(client.get(path))
    assert "Nothing has been published yet" in page and "RSS feed" in page


def test_the_list_has_published_posts_only_newest_first_in_pages(client):
    posts = published(13)
    make_post(skyfall())
    first, second = text(client.get("/blog/")), text(client.get("/blog/?page=2"))
    assert first.count('<li class="card">') == 12 and second.count('<li class="card">') == 1
    assert posts[0].get_absolute_url() in second and posts[0].get_absolute_url() not in first
    assert "/blog/skyfall-2012" not in first + second
    assert "Automatic text from catalogue data, not AI-written" in first
    assert f'<link rel="canonical" href="{PUBLIC}/blog?page=2">' in second


@pytest.mark.parametrize("page", ["0", "3", "x", "-1", "1e9", "%00", "²"])
def test_a_page_that_is_not_there_is_not_found(client, page):
    published(1)
    assert client.get(f"/blog/?page={page}").status_code in (400, 404)


def test_the_list_costs_as_many_queries_for_1_post_as_for_50(client):
    def queries(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(path)
        return len(seen)

    paths = ("/blog/", "/blog/feed.xml", "/blog/sitemap.xml")
    titles = films(50)
    make_post(titles[0], publish=True)
    one = [queries(path) for path in paths]
    for title in titles[1:]:
        make_post(title, publish=True)
    assert [queries(path) for path in paths] == one
    assert max(one) <= 2


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_post_shows_its_text_who_wrote_it_when_and_whose_data_it_uses(client, slash):
    post = make_post(publish=True)
    page = text(client.get(f"/blog/skyfall-2012{slash}"))
    assert '<h1 class="headline" id="post-title">Skyfall (2012)</h1>' in page
    assert "Automatic text from catalogue data, not AI-written" in page
    assert f'datetime="{post.published_at:%Y-%m-%d}' in page
    assert "It was directed by Sam Mendes." in page
    assert "<dt>Directed by</dt><dd>Sam Mendes</dd>" in page
    assert "Film data from Wikidata (CC0)" in page and "As of 18 October 2026" in page
    assert "noindex" not in page and "draft" not in page.split("</head>")[1].lower()


def test_the_head_is_for_search_engines_and_has_no_script(client):
    make_post(publish=True)
    head = text(client.get("/blog/skyfall-2012")).split("</head>")[0]
    address = f"{PUBLIC}/blog/skyfall-2012"
    assert f'<link rel="canonical" href="{address}">' in head
    assert f'<meta property="og:url" content="{address}">' in head
    assert "<title>Skyfall (2012): facts and cast</title>" in head
    assert '<meta name="description" content="Skyfall: film of 2012 by Sam Mendes' in head
    assert '<meta property="og:type" content="article">' in head
    assert "<script" not in head


def test_tmdbs_posts_say_that_tmdb_does_not_endorse_them(client):
    make_post(replace(skyfall(), source="tmdb", external_id="1"), publish=True)
    assert "not endorsed, certified, or otherwise approved by TMDB" in text(client.get("/blog/skyfall-2012"))


def test_a_draft_is_for_staff_only(client, admin_client, ada):
    post = make_post()
    services.edit_post(
        post.pk, by=ada, title="Skyfall", seo_title="Skyfall", description="S.", markdown="## A\n\nBy Ridley Scott."
    )
    assert client.get("/blog/skyfall-2012").status_code == 404
    client.force_login(ada)
    assert client.get("/blog/skyfall-2012").status_code == 404
    page = text(admin_client.get("/blog/skyfall-2012"))
    assert "This is a draft" in page and "Ridley Scott" in page and "noindex" in page
    assert "Every name comes from the catalogue: The catalogue does not have: Ridley Scott." in page


def test_what_is_taken_back_is_gone_everywhere(client):
    post = make_post(publish=True)
    services.unpublish(post.pk)
    assert client.get("/blog/skyfall-2012").status_code == 404
    for path in ("/blog/", "/blog/feed.xml", "/blog/sitemap.xml"):
        assert "skyfall" not in text(client.get(path))


@pytest.mark.parametrize("path", ["/blog/", "/blog/skyfall-2012", "/blog/feed.xml", "/blog/sitemap.xml"])
def test_who_has_the_document_gets_304_until_it_changes(client, path):
    post = make_post(publish=True)
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "no-cache" and "Cookie" in first["Vary"]
    services.edit_post(
        post.pk, by=None, title="Other", seo_title="Other", description="Other.", markdown="## A\n\nOther."
    )
    changed = client.get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200 and changed["ETag"] != first["ETag"]


def test_a_post_says_when_it_was_changed(client):
    make_post(publish=True)
    first = client.get("/blog/skyfall-2012")
    same = client.get("/blog/skyfall-2012", headers={"If-Modified-Since": first["Last-Modified"]})
    assert same.status_code == 304


@pytest.mark.parametrize("path", ["/blog/", "/blog/skyfall-2012", "/blog/feed.xml", "/blog/sitemap.xml"])
def test_reading_changes_nothing(client, path):
    make_post(publish=True)
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def test_the_feed_is_rss_with_whole_addresses(client):
    odd = replace(skyfall(), title="A & B <i>“C”</i> ]]>")
    post = services.save_post(title=odd, draft=replace(draft_of(odd), title="A & B <i>“C”</i> ]]>"))
    services.publish(post.pk)
    published(2)
    make_post(films(4)[3])
    answer = client.get("/blog/feed.xml")
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ElementTree.fromstring(answer.content).find("channel")  # noqa: S314
    items = channel.findall("item")
    assert len(items) == 3
    assert channel.findtext("link") == f"{PUBLIC}/blog"
    assert all(item.findtext("link").startswith(f"{PUBLIC}/blog/") for item in items)
    assert all(item.findtext("pubDate") and item.findtext("guid") == item.findtext("link") for item in items)
    assert items[-1].findtext("title") == post.current.title == "A & B <i>“C”</i> ]]>"


def test_the_sitemap_is_well_formed_with_whole_addresses(client):
    published(3)
    make_post(skyfall())
    answer = client.get("/blog/sitemap.xml")
    assert answer["Content-Type"].startswith("application/xml")
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = ElementTree.fromstring(answer.content).findall("s:url/s:loc", space)  # noqa: S314
    assert [one.text for one in found][0] == f"{PUBLIC}/blog"
    assert len(found) == 4 and all(one.text.startswith(f"{PUBLIC}/blog") for one in found)


@pytest.mark.parametrize("slug", ["nothing", "x" * 300, "SKYFALL-2012", "a.b", "%00", "%2e%2e"])
def test_what_is_no_post_is_not_found(client, slug):
    make_post(publish=True)
    assert client.get(f"/blog/{slug}").status_code in (400, 404)
