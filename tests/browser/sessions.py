"""Somebody who is logged in already; the form for it is walked through in test_pages and test_desk_refresh."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page


def log_in(page: Page, user) -> None:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": settings.PUBLIC_URL}])
