"""Versions as JSON and as files, and the difference between two."""

import io

import pytest
from django.test import Client
from docx import Document

from content.articles.models import ArticleVersion
from orders import revisions
from orders.actors import CUSTOMER
from orders.models import Order
from tests.orders.stages import NOTES, finish, fresh, written
from tests.orders.test_api_actions import bearer

pytestmark = pytest.mark.django_db


def get(order: Order, path: str, **headers):
    return Client().get(f"/api/v1/purchase/{order.pk}/{path}", headers=bearer(order) | headers)


def revised() -> Order:
    order = written()
    revisions.request_revision(order_id=order.pk, notes=NOTES, actor=CUSTOMER)
    order = finish(fresh(order))
    for number, text in ((1, "# Title\n\nIt is a slow drink.\n"), (2, "# Title\n\nIt is a very slow one.\n")):
        ArticleVersion.objects.filter(article=order.article, number=number).update(markdown=text)
    return fresh(order)


def test_a_version_is_the_same_as_in_the_status():
    order = written()
    version = get(order, "versions/1")
    status = Client().get(f"/api/v1/purchase/status/{order.pk}", headers=bearer(order)).json()
    assert version.json() == status["version"]
    assert version["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("form", "media_type", "suffix"),
    [("html", "text/html", "html"), ("markdown", "text/markdown", "md"), ("text", "text/plain", "txt")],
)
def test_a_version_is_a_file_whatever_the_browser_accepts(form, media_type, suffix):
    order = written()
    response = get(order, f"versions/1?format={form}", Accept="text/html,application/xhtml+xml")
    assert (response.status_code, response["Content-Type"]) == (200, f"{media_type}; charset=utf-8")
    assert response["Content-Disposition"] == f'attachment; filename="{order.code}-version-1.{suffix}"'
    assert order.anchor_text in response.content.decode()


def test_a_version_opens_in_word_with_its_link():
    order = written()
    document = Document(io.BytesIO(get(order, "versions/1?format=docx").content))
    assert [(block.style.name, block.text) for block in document.paragraphs] == [
        ("Heading 1", "Cold brew at home"),
        ("Normal", "Steep it for a night. See cold brew beans."),
    ]
    links = [link.address for block in document.paragraphs for link in block.hyperlinks]
    assert links == [order.target_url]


@pytest.mark.parametrize(("path", "status"), [("9", 404), ("0", 404), ("x", 404), ("9" * 30, 404), ("1?format=a", 400)])
def test_what_is_no_version_is_said_so(path, status):
    assert get(written(), f"versions/{path}").status_code == status


def test_another_orders_version_of_the_same_article_is_not_shown():
    order, other = written(), written()
    Order.objects.filter(pk=other.pk).update(article=order.article)
    other.versions.clear()
    assert get(other, "versions/1").status_code == 404


def test_the_difference_is_told_word_by_word():
    order = revised()
    response = get(order, "diff?from=1&to=2")
    assert response.json() == {
        "from": 1,
        "to": 2,
        "changes": [
            {"op": "equal", "text": "# Title\n\nIt is a "},
            {"op": "insert", "text": "very "},
            {"op": "equal", "text": "slow "},
            {"op": "delete", "text": "drink.\n"},
            {"op": "insert", "text": "one.\n"},
        ],
    }
    assert [change["op"] for change in get(order, "diff?from=2&to=2").json()["changes"]] == ["equal"]


@pytest.mark.parametrize(("query", "pointer"), [("from=1", "/to"), ("from=a&to=1", "/from"), ("from=1&to=-1", "/to")])
def test_a_difference_needs_two_numbers(query, pointer):
    response = get(revised(), f"diff?{query}")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_difference_with_a_version_that_is_not_there_is_unknown():
    assert get(revised(), "diff?from=1&to=3").status_code == 404
