"""Addresses of articles and their commentary; each works with and without a slash at its end."""

from django.urls import re_path

from content.articles import api, public, views
from content.articles.commentary import api as commentary

app_name = "articles"
# Whatever stands there: what is no id is an article that does not exist.
ONE = r"^api/articles/(?P<article_id>[^/]+)"
PAGE = r"^articles/(?P<article_id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"

urlpatterns = [
    re_path(r"^api/articles/?$", api.ArticleList.as_view()),
    re_path(r"^api/articles/generate-commentary/?$", commentary.GenerateMany.as_view()),
    re_path(r"^api/articles/queue/stats/?$", commentary.QueueStats.as_view()),
    re_path(r"^api/articles/cache/stats/?$", commentary.CacheStats.as_view()),
    re_path(r"^api/articles/health-check/?$", commentary.HealthCheck.as_view()),
    re_path(r"^api/articles/analytics/?$", commentary.Analytics.as_view()),
    re_path(rf"{ONE}/?$", api.ArticleDetail.as_view()),
    re_path(rf"{ONE}/generate-commentary/?$", commentary.Generate.as_view()),
    re_path(rf"{ONE}/commentary-status/?$", commentary.Status.as_view()),
    re_path(rf"{ONE}/vote/?$", commentary.VoteOn.as_view()),
    re_path(rf"{PAGE}/?$", views.article, name="article"),
    # After the ids: nothing that looks like one is given out as a slug.
    re_path(r"^articles/(?P<slug>[a-z0-9]+(?:[-_]+[a-z0-9]+)*)/?$", public.published, name="published"),
    re_path(rf"{PAGE}/live/?$", views.live, name="live"),
    re_path(rf"{PAGE}/stream/?$", views.stream, name="stream"),
    re_path(rf"{PAGE}/commentary/?$", views.ask, name="ask"),
    re_path(rf"{PAGE}/vote/?$", views.vote, name="vote"),
    re_path(rf"{PAGE}/seen/?$", views.seen, name="seen"),
]
