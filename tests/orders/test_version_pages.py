"""Reading, comparing and taking away an order's versions, and its receipt."""

import io
import re

import pytest
from django.test import Client
from docx import Document

from orders.models import Refund
from orders.reading import with_link_marked
from tests.orders.builders import make_order, make_version
from tests.orders.customer_states import NOTES, revised
from tests.orders.shopping import opened, queries
from tests.orders.stages import fresh, given_up, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def order():
    order = revised()
    first, second = order.versions.order_by("number")
    first.markdown, second.markdown = "# Tea\n\nIt is hot & old.\n", "# Tea\n\nIt is cold & old.\n"
    second.revision_notes = NOTES
    first.save(), second.save()
    return fresh(order)


def test_the_tabs_lead_to_every_version_and_to_what_has_changed(client, order):
    path = opened(client, order)
    page = client.get(path).content.decode()
    tabs = re.search(r'<nav class="tabs".*?</nav>', page, re.DOTALL).group()
    assert re.findall(r'href="([^"]+)"', tabs) == [f"{path}/versions/1", path, f"{path}/changes/1-2"]
    assert re.findall(r'aria-current="page">([^<]+)', tabs) == ["Version 2"]


def test_an_older_version_can_be_read_but_not_decided_about(client, order):
    page = client.get(f"{opened(client, order)}/versions/1").content.decode()
    assert "An older version" in page and "The newest is version 2" in page
    assert "Ask for changes" not in page and "<form" not in page


def test_the_changes_are_told_in_words_and_with_the_wish_behind_them(client, order):
    page = client.get(f"{opened(client, order)}/changes/1-2").content.decode()
    assert re.sub(r"<[^>]+>|\s+", " ", re.search(r"<del>(?!Removed).*?</ins>", page, re.DOTALL).group()).split() == [
        *("removed:", "hot", "added:", "cold")
    ]
    assert "mention our study of 2026" in page
    same = client.get(f"{opened(client, order)}/changes/1-1").content.decode()
    assert "Both versions have the same text" in same


@pytest.mark.parametrize("end", ["/versions/3", "/changes/1-3", "/versions/1/exe", "/versions/0", "/versions/1/../2"])
def test_what_is_not_there_is_not_found(client, order, end):
    assert client.get(opened(client, order) + end).status_code == 404


def test_a_version_of_another_order_is_not_found(client, order):
    other = written()
    assert client.get(f"{opened(client, other)}/versions/2").status_code == 404


@pytest.mark.parametrize(
    ("form", "suffix", "media_type"),
    [
        ("markdown", "md", "text/markdown; charset=utf-8"),
        ("html", "html", "text/html; charset=utf-8"),
        ("docx", "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ],
)
def test_a_version_can_be_taken_away_as_a_file(client, order, form, suffix, media_type):
    path = opened(client, order)
    assert f"{path}/versions/2/{form}" in client.get(path).content.decode()
    response = client.get(f"{path}/versions/2/{form}")
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="{order.code}-version-2.{suffix}"'
    assert response["Cache-Control"] == "private, no-store"
    if form == "docx":
        assert "It is cold & old." in [line.text for line in Document(io.BytesIO(response.content)).paragraphs]


def test_nobody_else_reads_versions_or_receipts(order):
    for end in ("versions/1", "versions/1/markdown", "changes/1-2", "receipt"):
        assert Client().get(f"/order-status/{order.pk}/{end}").status_code == 404


def test_the_customers_link_is_marked_and_no_other(client):
    version = written().current_version
    own = '<a href="https://beans.example.com/cold-brew?a=1&amp;b=2" rel="sponsored">beans</a>'
    version.backlink = {"targetUrl": "https://beans.example.com/cold-brew?a=1&b=2", "anchorText": "beans"}
    version.html = f'<p>{own} and <a href="https://other.example">others</a></p>'
    marked, found = with_link_marked(version)
    assert found == 1
    assert f'<mark class="yours">{own}' in marked and marked.count("<mark") == 1
    version.backlink = {}
    assert with_link_marked(version) == (version.html, 0)


def test_the_receipt_says_what_was_paid_and_what_went_back(client):
    order = given_up()
    Refund.objects.update(status="succeeded", settled_at=order.created_at)
    page = client.get(f"{opened(client, order)}/receipt").content.decode()
    assert "$49.00" in page and "Sent back" in page and order.code in page
    assert "No real money has moved" in page
    assert "a***@example.com" in page and order.email not in page


def test_there_is_no_receipt_before_anything_was_paid(client):
    order = make_order()
    path = opened(client, order)
    assert "/receipt" not in client.get(path).content.decode()
    assert client.get(f"{path}/receipt").status_code == 404


def test_the_queries_of_a_version_do_not_depend_on_their_number(client, order):
    pages = [f"{opened(client, order)}/{end}" for end in ("versions/1", "changes/1-2", "versions/1/html", "receipt")]
    before = [queries(client, page) for page in pages]
    for _ in range(20):
        make_version(order)
    assert [queries(client, page) for page in pages] == before
    assert max(before) <= 7
