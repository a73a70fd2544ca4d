"""Addresses of recommendations; each works with and without a slash at its end."""

from django.urls import re_path

from content.recommendations import api, views

app_name = "recommendations"
PAGE = r"^recommendations/(?P<recommendation_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    re_path(r"^api/recommendations/?$", api.Recommendations.as_view()),
    re_path(r"^api/results/health/?$", api.Health.as_view()),
    re_path(r"^api/results/(?P<request_id>[^/]+)/?$", api.Result.as_view()),
    re_path(r"^recommendations/?$", views.form, name="form"),
    re_path(rf"{PAGE}/?$", views.recommendation, name="recommendation"),
    re_path(rf"{PAGE}/live/?$", views.live, name="live"),
    re_path(rf"{PAGE}/stream/?$", views.stream, name="stream"),
]
