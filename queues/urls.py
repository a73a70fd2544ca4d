"""Addresses of jobs and queues; each works with and without a slash at its end."""

from django.urls import re_path

from queues import api

JOB = r"^api/jobs/(?P<pk>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
QUEUE = r"^api/queues/(?P<name>[^/]+)"

urlpatterns = [
    re_path(r"^api/jobs/?$", api.JobList.as_view()),
    re_path(r"^api/jobs/dead-letters/?$", api.DeadLetterList.as_view()),
    re_path(r"^api/jobs/dead-letters/retry/?$", api.RetryDeadLetters.as_view()),
    re_path(rf"{JOB}/?$", api.JobDetail.as_view()),
    re_path(rf"{JOB}/attempts/?$", api.JobAttempts.as_view()),
    re_path(rf"{JOB}/events/?$", api.JobEvents.as_view()),
    re_path(rf"{JOB}/stream/?$", api.JobStream.as_view()),
    re_path(rf"{JOB}/cancel/?$", api.Cancel.as_view()),
    re_path(rf"{JOB}/retry/?$", api.Retry.as_view()),
    re_path(rf"{JOB}/promote/?$", api.Promote.as_view()),
    re_path(rf"{JOB}/priority/?$", api.Priority.as_view()),
    re_path(r"^api/queues/?$", api.QueueList.as_view()),
    re_path(rf"{QUEUE}/pause/?$", api.Pause.as_view()),
    re_path(rf"{QUEUE}/resume/?$", api.Resume.as_view()),
]
