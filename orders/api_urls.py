"""Addresses for programs: the API and Stripe's door. Each works with and without a slash at its end."""

from django.urls import re_path

from orders import api, api_actions, api_staff, api_versions, api_webhooks
from orders.webhooks import stripe_webhook

ONE = r"^api/v1/purchase/(?P<order_id>[^/]+)"
WEBHOOK = r"^api/v1/webhooks/(?P<webhook_id>[^/]+)"
STAFF = r"^api/v1/admin/orders/(?P<order_id>[^/]+)"

urlpatterns = [
    re_path(r"^api/v1/purchase/products/?$", api.ProductList.as_view()),
    re_path(r"^api/v1/purchase/status/(?P<order_id>[^/]+)/?$", api.PurchaseStatus.as_view()),
    re_path(r"^api/v1/purchase/status/(?P<order_id>[^/]+)/stream/?$", api.PurchaseStream.as_view()),
    re_path(r"^api/v1/purchase/request-revision/?$", api_actions.RequestRevision.as_view()),
    re_path(r"^api/v1/purchase/submit-for-review/?$", api_actions.SubmitForReview.as_view()),
    re_path(r"^api/v1/purchase/batch/?$", api.PurchaseBatch.as_view()),
    re_path(r"^api/v1/purchase/?$", api.PurchaseList.as_view()),
    re_path(rf"{ONE}/cancel/?$", api_actions.Cancel.as_view()),
    re_path(rf"{ONE}/recall/?$", api_actions.Recall.as_view()),
    re_path(rf"{ONE}/versions/(?P<number>[^/]+)/?$", api_versions.VersionDetail.as_view()),
    re_path(rf"{ONE}/diff/?$", api_versions.VersionDiff.as_view()),
    *(re_path(rf"{STAFF}/{name}/?$", view.as_view()) for name, view in api_staff.ACTIONS.items()),
    re_path(r"^api/v1/webhooks/?$", api_webhooks.WebhookList.as_view()),
    re_path(rf"{WEBHOOK}/?$", api_webhooks.WebhookDetail.as_view()),
    re_path(rf"{WEBHOOK}/rotate/?$", api_webhooks.RotateSecret.as_view()),
    re_path(rf"{WEBHOOK}/deliveries/?$", api_webhooks.DeliveryList.as_view()),
    re_path(rf"{WEBHOOK}/deliveries/(?P<delivery_id>[^/]+)/resend/?$", api_webhooks.ResendDelivery.as_view()),
    re_path(r"^webhooks/stripe/?$", stripe_webhook),
]
