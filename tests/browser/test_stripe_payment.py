"""A customer who comes back from Stripe, in a real browser: the page has Stripe asked and shows what comes of it."""

import pytest
from playwright.sync_api import Page, Route, expect

from orders import links
from orders.actors import SYSTEM
from orders.payments import reconcile
from queues.models import Job
from tests.browser.looks import too_wide
from tests.orders.builders import make_order
from tests.orders.payments.stripe_server import KEY, StripeServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def stripe(settings, site):
    with StripeServer() as server:
        settings.PAYMENTS, settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = "stripe", KEY, server.url
        yield server


def test_coming_back_has_the_payment_looked_up(new_page, stripe):
    page: Page = new_page()
    order = make_order()
    page.goto(links.status_path(order))
    expect(page.get_by_role("link", name="Pay $49.00 now")).to_be_visible()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert too_wide(page, width) == []
    stripe.pay(order.payments.get().session_id)
    with page.expect_response("**/check-payment"):
        page.goto(f"/order-status/{order.pk}?paid=1")
    assert Job.objects.filter(kind="orders.check_payment").count() == 1
    reconcile.check_payment(order.payments.get(), SYSTEM)
    expect(page.get_by_role("heading", name="Your article is in line", level=1)).to_be_visible()


def test_the_policy_lets_a_form_lead_to_stripe(new_page, stripe):
    page: Page = new_page(1280, leads_to="https://checkout.stripe.com/")
    stripe.faults = ["503"]
    order = make_order()
    seen = []

    def checkout(route: Route) -> None:
        seen.append(route.request.url)
        route.fulfill(body="Stripe's page", content_type="text/html")

    page.route("https://checkout.stripe.com/**", checkout)
    page.goto(links.status_path(order))
    page.get_by_role("button", name="Pay $49.00 now").click()
    page.wait_for_url("https://checkout.stripe.com/**")
    assert len(seen) == 1
