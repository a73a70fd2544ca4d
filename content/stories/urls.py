"""Addresses of stories; each works with and without a slash at its end."""

from django.urls import re_path

from content.stories import api, views

app_name = "stories"
PAGE = r"^stories/(?P<story_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    re_path(r"^api/stories/?$", api.StoryList.as_view()),
    re_path(r"^api/stories/scoring/stats/?$", api.ScoringStats.as_view()),
    re_path(r"^api/stories/scoring/openai/test/?$", api.OpenAITest.as_view()),
    re_path(r"^api/stories/scoring/job/(?P<job_id>[^/]+)/?$", api.ScoringJob.as_view()),
    re_path(r"^api/stories/(?P<story_id>[^/]+)/?$", api.StoryDetail.as_view()),
    re_path(r"^api/stories/(?P<story_id>[^/]+)/enhance/?$", api.Enhance.as_view()),
    re_path(rf"{PAGE}/?$", views.story, name="story"),
    re_path(rf"{PAGE}/live/?$", views.story_live, name="live"),
    re_path(rf"{PAGE}/stream/?$", views.story_stream, name="stream"),
]
