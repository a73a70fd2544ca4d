"""The customer's key to one order: a token in a link, then cookies that are sent where that order is spoken of only.

Nothing secret is stored: the token is an HMAC of the order's id and its link_version, so raising
link_version revokes every link, and SECRET_KEY_FALLBACKS keeps old links alive after a change of key.
"""

import base64
import uuid

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from orders.models import Order

SALT = "orders.link"
PREFIX = "ol_"  # tells it apart from an API token, which may come in the same header
COOKIE_DAYS = 30
# Several cookies, because a cookie has one path and the token must not travel with any other request. Their names end
# with the order's id: at the last two paths the order stands in the body, and a browser may know several.
COOKIES = {
    "order_page_{}": "/order-status/{}",
    "order_api_{}": "/api/v1/purchase/status/{}",
    "order_actions_{}": "/api/v1/purchase/{}",
    "order_revise_{}": "/api/v1/purchase/request-revision",
    "order_submit_{}": "/api/v1/purchase/submit-for-review",
}


def token_for(order_id: uuid.UUID, link_version: int, *, secret: str | None = None) -> str:
    """PREFIX and 32 URL-safe characters (192 bits). `secret` defaults to SECRET_KEY."""
    digest = salted_hmac(SALT, f"{order_id}:{link_version}", secret=secret, algorithm="sha256").digest()
    return PREFIX + base64.urlsafe_b64encode(digest[:24]).decode()


def is_valid(order_id: uuid.UUID, link_version: int, token: str) -> bool:
    """Whether `token` opens the order, compared in constant time with every key that is still accepted."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    candidates = [token_for(order_id, link_version, secret=secret) for secret in secrets]
    return any(constant_time_compare(token, candidate) for candidate in candidates)


def status_path(order: Order) -> str:
    """The order page's path with the token."""
    return f"/order-status/{order.pk}?t={token_for(order.pk, order.link_version)}"


def status_url(order: Order) -> str:
    """The order page's full address with the token: what mails and API answers carry."""
    return settings.PUBLIC_URL + status_path(order)


def remember(response: HttpResponse, order: Order) -> None:
    """Puts the token into the browser, so that the address bar and the referrer need not carry it."""
    for name, path in COOKIES.items():
        response.set_cookie(
            name.format(order.pk),
            token_for(order.pk, order.link_version),
            max_age=COOKIE_DAYS * 86400,
            path=path.format(order.pk),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def remembered(request: HttpRequest, order_id: uuid.UUID | str) -> str:
    """The token of this order that the browser sent, or an empty text."""
    names = (name.format(order_id) for name in COOKIES)
    return next((request.COOKIES[name] for name in names if name in request.COOKIES), "")


def all_remembered(request: HttpRequest) -> list[str]:
    """The tokens of all orders that the browser sent to this path."""
    prefixes = tuple(name.format("") for name in COOKIES)
    return sorted(value for name, value in request.COOKIES.items() if name.startswith(prefixes))
