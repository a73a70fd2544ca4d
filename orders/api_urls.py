"""Addresses for programs: the API and Stripe's door. Each works with and without a slash at its end."""

from django.urls import re_path

from orders import api
from orders.webhooks import stripe_webhook

urlpatterns = [
    re_path(r"^api/v1/purchase/products/?$", api.ProductList.as_view()),
    re_path(r"^api/v1/purchase/status/(?P<order_id>[^/]+)/?$", api.PurchaseStatus.as_view()),
    re_path(r"^api/v1/purchase/?$", api.PurchaseCreate.as_view()),
    re_path(r"^webhooks/stripe/?$", stripe_webhook),
]
