"""Getting a lost link again: the same answer for everybody, mails for whom it concerns, and never many."""

import pytest
from django.test import Client
from django.utils.html import escape

from orders import links, outbox
from orders.models import Mail, Order
from tests.orders.builders import make_order
from tests.orders.test_status_views import without_what_differs_by_nature

pytestmark = pytest.mark.django_db


def ask(email: str, *, address: str = "192.0.2.1"):
    return Client(REMOTE_ADDR=address).post("/new-link", {"email": email})


def links_sent() -> list[Mail]:
    return list(Mail.objects.filter(kind="link_resend"))


@pytest.fixture
def order() -> Order:
    return make_order()


def test_the_page_that_does_not_open_has_the_form_for_a_new_link(order):
    careful = Client(enforce_csrf_checks=True)
    page = careful.get(f"/order-status/{order.pk}").content.decode()
    assert 'name="email"' in page and 'action="/new-link"' in page
    assert order.email not in page and order.code not in page
    token = careful.cookies["csrftoken"].value
    assert careful.post("/new-link", {"email": order.email}).status_code == 403
    assert links_sent() == []
    assert careful.post("/new-link", {"email": order.email, "csrfmiddlewaretoken": token}).status_code == 200
    assert len(links_sent()) == 1


@pytest.mark.parametrize("email", ["ada@example.com", " ADA@Example.com "])
def test_the_orders_own_address_gets_its_link(order, email):
    assert ask(email).status_code == 200
    (mail,) = links_sent()
    assert (mail.order, mail.to) == (order, order.email)
    assert links.status_url(order) in outbox.message(mail).body
    assert links.token_for(order.pk, order.link_version) not in mail.text + mail.html + mail.subject


@pytest.mark.parametrize("email", ["bob@example.com", "ada@example.com.evil.example", "'--@example.com"])
def test_everybody_else_gets_the_same_answer_and_no_mail(order, email):
    response = ask(email)
    assert response.status_code == 200 and links_sent() == []
    right = ask(order.email).content.decode().replace(order.email, "")
    wrong = response.content.decode().replace(escape(email), "")
    assert without_what_differs_by_nature(wrong) == (without_what_differs_by_nature(right))


def test_an_address_gets_its_links_once_a_day_and_is_not_told(order):
    first, second = ask(order.email), ask(order.email.upper())
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(links_sent()) == 1
    Mail.objects.update(dedupe_key="as if it had been before midnight")
    ask(order.email)
    assert len(links_sent()) == 1


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        ("  ", "Say which e-mail you ordered with."),
        ("nobody", "This is not a complete e-mail address."),
        ("x" * 5000, "This is not a complete e-mail address."),
        ("a\0b@example.com", "This is not a complete e-mail address."),
    ],
)
def test_what_is_no_address_is_refused_at_its_field_and_kept(email, reason):
    response = ask(email)
    page = response.content.decode()
    assert response.status_code == 400 and links_sent() == []
    assert 'aria-invalid="true"' in page and reason in page
    assert "\0" in email or f'value="{email}"' in page


def test_one_network_may_ask_five_times_an_hour(order):
    statuses = [ask(f"somebody{number}@example.com", address="192.0.2.77").status_code for number in range(6)]
    assert statuses == [200] * 5 + [429]
    refused = ask(order.email, address="192.0.2.77")
    assert 3000 < int(refused["Retry-After"]) <= 3600
    assert "Too many tries" in refused.content.decode()
    assert links_sent() == []
    assert ask(order.email, address="192.0.2.78").status_code == 200
    assert Client(REMOTE_ADDR="192.0.2.77").get("/new-link").status_code == 200


def test_thirty_wrong_links_of_one_network_are_enough_for_ten_minutes(order):
    guesser = Client(REMOTE_ADDR="192.0.2.99")
    path = f"/order-status/{order.pk}"
    assert {guesser.get(f"{path}?t=wrong{number}").status_code for number in range(30)} == {404}
    refused = guesser.get(f"{path}?t=wrong")
    assert refused.status_code == 429 and 500 < int(refused["Retry-After"]) <= 600
    assert guesser.get(path).status_code == 404  # nothing was tried
    assert guesser.get(links.status_path(order)).status_code == 302  # whoever has the link is no guesser
    assert Client(REMOTE_ADDR="192.0.2.98").get(f"{path}?t=wrong").status_code == 404
