"""The error pages are drawn by Django without a request, so they must need nothing from one."""

import pytest
from django.template.loader import get_template
from django.test import Client

from tests.orders.builders import make_product

PAGES = {
    "400.html": "Your request could not be read",
    "403.html": "You may not open this page",
    "403_csrf.html": "This form has expired",
    "404.html": "There is no page here",
    "413.html": "That was too much text",
    "500.html": "Something broke on our side",
}


@pytest.mark.parametrize(("name", "title"), PAGES.items())
def test_an_error_page_needs_no_request_and_leads_back(name, title):
    page = get_template(name).render()
    assert f"<h1>{title}</h1>" in page
    assert f"<title>{title} – Copydesk</title>" in page
    assert 'href="/"' in page


@pytest.mark.django_db
def test_an_error_of_ours_shows_the_page_and_nothing_of_the_error(monkeypatch):
    make_product()
    monkeypatch.setattr("orders.selectors.products", lambda: 1 / 0)
    response = Client(raise_request_exception=False).get("/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "Something broke on our side" in page
    assert "ZeroDivisionError" not in page


@pytest.mark.django_db
def test_a_host_that_is_not_ours_gets_the_page_for_malformed_requests(client):
    response = client.get("/", headers={"Host": "elsewhere.example"})
    assert response.status_code == 400
    assert "Your request could not be read" in response.content.decode()
