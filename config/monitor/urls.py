"""Addresses of the parts of staff's pages that change; each works with and without a slash at its end."""

from django.urls import re_path

from config.monitor import views

app_name = "now"
QUEUE = r"^admin/now/queues/(?P<name>[^/]+)"
JOB = r"^admin/now/jobs/(?P<job_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
urlpatterns = [
    re_path(r"^admin/now/desk/?$", views.desk, name="desk"),
    re_path(r"^admin/now/queues/?$", views.queues, name="queues"),
    re_path(r"^admin/now/stream/?$", views.stream, name="stream"),
    re_path(rf"{QUEUE}/?$", views.queue, name="queue"),
    re_path(rf"{QUEUE}/stream/?$", views.queue_stream, name="queue-stream"),
    re_path(rf"{JOB}/?$", views.job, name="job"),
    re_path(rf"{JOB}/stream/?$", views.job_stream, name="job-stream"),
]
