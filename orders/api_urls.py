"""Addresses below /api/v1/; each works with and without a slash at its end."""

from django.urls import re_path

from orders import api

urlpatterns = [
    re_path(r"^purchase/products/?$", api.ProductList.as_view()),
    re_path(r"^purchase/status/(?P<order_id>[^/]+)/?$", api.PurchaseStatus.as_view()),
    re_path(r"^purchase/?$", api.PurchaseCreate.as_view()),
]
