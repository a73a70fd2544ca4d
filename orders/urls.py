"""Addresses of the customer pages. Each works with and without a slash at its end."""

from django.urls import path, re_path

from orders import views

app_name = "orders"
ORDER = r"^order-status/(?P<order_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    path("", views.shop, name="shop"),
    re_path(r"^order/?$", views.order_form, name="order"),
    re_path(r"^checkout/(?P<session_id>[\w-]+)/?$", views.sandbox_checkout, name="checkout"),
    re_path(rf"{ORDER}/?$", views.order_status, name="status"),
    re_path(rf"{ORDER}/pay/?$", views.order_pay, name="pay"),
    re_path(rf"{ORDER}/check-payment/?$", views.order_check_payment, name="check-payment"),
    re_path(rf"{ORDER}/live/?$", views.order_live, name="live"),
    re_path(rf"{ORDER}/stream/?$", views.order_stream, name="stream"),
]
