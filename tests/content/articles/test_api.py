"""The API of articles over HTTP."""

import json
import uuid

import pytest
from django.test import Client
from django.utils import timezone

from aiproviders.shared import client as redis_client
from config.models import ApiToken
from content.articles import services
from content.articles.models import Article, Commentary
from tests.content.articles.reader import CONTENT, TITLE, make_article
from tests.orders.builders import make_order, make_version

pytestmark = pytest.mark.django_db(transaction=True)
KEYS = {
    *("id", "title", "content", "sourceUrl", "publishedAt", "category", "author"),
    *("commentary", "createdAt", "updatedAt"),
}
# Not one letter twice: PostgreSQL would compress the entry of its index.
LONG_IN_BYTES = "https://news.example/" + "".join(map(chr, range(0x4E00, 0x4E00 + 950)))
WISHES = {
    "title": TITLE,
    "content": CONTENT,
    "sourceUrl": "https://news.example/heaps",
    "publishedAt": "2026-11-20T08:30:00Z",
    "category": "city",
    "author": "R. Writer",
}


@pytest.fixture(autouse=True)
def empty_cache():
    redis_client().delete(*redis_client().keys("copydesk:cache*"), "nothing")


@pytest.fixture
def staff(django_user_model) -> Client:
    user = django_user_model.objects.create_user("editor", is_staff=True)
    return Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})


def send(client: Client, body: dict, path: str = "/api/articles", method: str = "post"):
    return getattr(client, method)(path, json.dumps(body), content_type="application/json")


def pointers(response) -> set[str]:
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    return {error["pointer"] for error in response.json()["errors"]}


@pytest.mark.parametrize("slash", ["", "/"])
def test_an_article_is_added_read_changed_and_deleted(staff, client, slash):
    made = send(staff, WISHES, f"/api/articles{slash}")
    assert made.status_code == 201 and set(made.json()) == KEYS
    assert {name: made.json()[name] for name in WISHES} == WISHES
    path = made["Location"] + slash
    assert client.get(path).json() == made.json()
    assert send(staff, {"category": "politics"}, path, "patch").json()["category"] == "politics"
    assert client.get(path).json()["category"] == "politics"
    assert staff.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_without_a_moment_it_is_published_now(staff):
    made = send(staff, {"title": "T", "content": "C"}).json()
    assert made["publishedAt"][:13] == timezone.now().strftime("%Y-%m-%dT%H")
    assert (made["sourceUrl"], made["category"], made["author"], made["commentary"]) == ("", "", "", None)


@pytest.mark.database
@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"title": ""}, "/title"),
        ({"title": "x" * 251}, "/title"),
        ({"title": "nul\0"}, "/title"),
        ({"title": 5}, "/title"),
        ({"content": None}, "/content"),
        ({"content": -3273330}, "/content"),
        ({"content": " \n"}, "/content"),
        ({"content": "x" * 100_001}, "/content"),
        ({"sourceUrl": "javascript:alert(1)"}, "/sourceUrl"),
        ({"sourceUrl": "ftp://news.example/a"}, "/sourceUrl"),
        ({"sourceUrl": LONG_IN_BYTES}, "/sourceUrl"),
        ({"publishedAt": "yesterday"}, "/publishedAt"),
        ({"publishedAt": "2999-01-01T00:00:00Z"}, "/publishedAt"),
        ({"publishedAt": "0001-01-01T00:00:00Z"}, "/publishedAt"),
        ({"category": ["a"]}, "/category"),
        ({"author": "x" * 201}, "/author"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_stored_or_changed(staff, change, pointer):
    assert pointers(send(staff, WISHES | change)) == {pointer}
    assert not Article.objects.exists()
    article = make_article()
    assert pointers(send(staff, change, f"/api/articles/{article.pk}", "patch")) == {pointer}
    assert Article.objects.get().updated_at == article.updated_at


def test_one_source_is_one_article(staff):
    assert send(staff, WISHES).status_code == 201
    assert pointers(send(staff, WISHES)) == {"/sourceUrl"}
    other = make_article()
    assert pointers(send(staff, {"sourceUrl": WISHES["sourceUrl"]}, f"/api/articles/{other.pk}", "patch")) == {
        "/sourceUrl"
    }
    assert Article.objects.count() == 2


def test_everybody_reads_and_staff_alone_write(client, django_user_model):
    article = make_article()
    path = f"/api/articles/{article.pk}"
    user = django_user_model.objects.create_user("client")
    other = Client(headers={"Authorization": f"Bearer {ApiToken.objects.issue(user=user)}"})
    for who, status in ((client, 401), (other, 403)):
        assert send(who, WISHES).status_code == status
        assert send(who, {"title": "x"}, path, "patch").status_code == status
        assert who.delete(path).status_code == status
        assert who.get(path).status_code == 200
    assert Article.objects.get().title == TITLE


@pytest.mark.parametrize("what", [uuid.UUID(int=7), "7", "nul%00", "a" * 300, "queue"])
def test_what_is_no_article_is_not_found(client, what):
    answer = client.get(f"/api/articles/{what}")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_a_text_that_is_written_for_an_order_is_shown_to_nobody(client, staff):
    draft = services.create_article(title="Only for who ordered it")
    for path in (f"/api/articles/{draft.pk}", f"/articles/{draft.pk}", f"/api/articles/{draft.pk}/commentary-status"):
        assert client.get(path).status_code == 404
    assert client.post(f"/api/articles/{draft.pk}/generate-commentary").status_code == 404
    assert staff.get("/api/articles").json()["results"] == []


def test_what_an_order_keeps_is_not_deleted(staff):
    order = make_order()
    version = make_version(order)
    order.article = version.article
    order.save()
    Article.objects.filter(pk=version.article.pk).update(published_at=timezone.now())
    answer = staff.delete(f"/api/articles/{version.article.pk}")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert Article.objects.count() == 1


def test_the_text_of_an_order_is_changed_by_its_versions_alone(staff):
    version = make_version(make_order())
    Article.objects.filter(pk=version.article.pk).update(published_at=timezone.now())
    answer = send(staff, {"content": "x"}, f"/api/articles/{version.article.pk}", "patch")
    assert (answer.status_code, answer.json()["code"]) == (409, "in_use")
    assert Article.objects.get().content == ""


def test_an_article_goes_with_all_that_was_said_about_it(staff):
    article = make_article()
    said = Commentary.objects.create(
        article=article, text="x", source="ai", variant="plain", prompt_version="1", generated_at=timezone.now()
    )
    Article.objects.update(commentary=said)
    said.votes.create(reader="reader", helpful=True)
    assert staff.delete(f"/api/articles/{article.pk}").status_code == 204
    assert not Article.objects.exists() and not Commentary.objects.exists()


def test_lists_come_newest_first_in_pages_and_by_category(client):
    for number in range(1, 6):
        make_article(title=f"No {number}", published_at=f"2026-11-0{number}T00:00:00Z", category="ab"[number % 2])
    first = client.get("/api/articles?limit=2").json()
    assert [entry["title"] for entry in first["results"]] == ["No 5", "No 4"] and first["previous"] is None
    second = client.get(first["next"]).json()
    assert [entry["title"] for entry in second["results"]] == ["No 3", "No 2"]
    assert [entry["title"] for entry in client.get("/api/articles?category=a").json()["results"]] == ["No 4", "No 2"]
    assert client.get("/api/articles?category=%00").status_code == 400
    assert set(first["results"][0]) == KEYS


def test_reading_again_asks_the_cache_and_not_the_database(client, django_assert_num_queries):
    article = make_article()
    path = f"/api/articles/{article.pk}"
    first = client.get(path).json()
    with django_assert_num_queries(0):
        assert client.get(path).json() == first
    assert 0 < redis_client().ttl(f"copydesk:cache:article:{article.pk}:view") <= 300


def test_a_list_takes_as_many_queries_for_fifty_as_for_one(client, django_assert_num_queries):
    make_article()
    with django_assert_num_queries(1):
        client.get("/api/articles?limit=100")
    for _ in range(49):
        make_article()
    with django_assert_num_queries(1):
        assert len(client.get("/api/articles?limit=100").json()["results"]) == 50
