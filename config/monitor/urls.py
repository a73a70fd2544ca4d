"""Addresses of the parts of staff's pages that change; each works with and without a slash at its end."""

from django.urls import re_path

from config.monitor import views

app_name = "now"
urlpatterns = [
    re_path(r"^admin/now/desk/?$", views.desk, name="desk"),
    re_path(r"^admin/now/queues/?$", views.queues, name="queues"),
    re_path(r"^admin/now/stream/?$", views.stream, name="stream"),
]
