"""Addresses of the customer pages. Each works with and without a slash at its end."""

from django.urls import path, re_path

from orders import views, views_actions, views_order, views_versions

app_name = "orders"
ORDER = r"^order-status/(?P<order_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

VERSION = r"[1-9][0-9]{0,8}"

urlpatterns = [
    path("", views.shop, name="shop"),
    re_path(r"^order/?$", views.order_form, name="order"),
    re_path(r"^checkout/(?P<session_id>[\w-]+)/?$", views.sandbox_checkout, name="checkout"),
    re_path(r"^new-link/?$", views_order.new_link, name="new-link"),
    re_path(rf"{ORDER}/?$", views_order.order_status, name="status"),
    re_path(rf"{ORDER}/pay/?$", views_order.order_pay, name="pay"),
    re_path(rf"{ORDER}/beside/(?P<code>[A-Z0-9]{{5}})/?$", views_order.order_beside, name="beside"),
    re_path(rf"{ORDER}/check-payment/?$", views_order.order_check_payment, name="check-payment"),
    re_path(rf"{ORDER}/live/?$", views_order.order_live, name="live"),
    re_path(rf"{ORDER}/stream/?$", views_order.order_stream, name="stream"),
    re_path(rf"{ORDER}/request-revision/?$", views_actions.request_revision, name="request-revision"),
    re_path(rf"{ORDER}/submit/?$", views_actions.submit, name="submit"),
    re_path(rf"{ORDER}/recall/?$", views_actions.recall, name="recall"),
    re_path(rf"{ORDER}/cancel/?$", views_actions.cancel, name="cancel"),
    re_path(rf"{ORDER}/receipt/?$", views_versions.receipt, name="receipt"),
    re_path(rf"{ORDER}/versions/(?P<number>{VERSION})/?$", views_versions.version, name="version"),
    re_path(rf"{ORDER}/versions/(?P<number>{VERSION})/(?P<form>[a-z]+)/?$", views_versions.download, name="download"),
    re_path(rf"{ORDER}/changes/(?P<before>{VERSION})-(?P<after>{VERSION})/?$", views_versions.changes, name="changes"),
]
