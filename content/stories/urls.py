"""Addresses of stories; each works with and without a slash at its end."""

from django.urls import re_path

from content.stories import api

urlpatterns = [
    re_path(r"^api/stories/scoring/openai/test/?$", api.OpenAITest.as_view()),
]
