"""Addresses of the blog; each works with and without a slash at its end."""

from django.urls import re_path

from content.blog import views

app_name = "blog"

urlpatterns = [
    re_path(r"^blog/?$", views.index, name="index"),
    re_path(r"^blog/sitemap\.xml$", views.sitemap, name="sitemap"),
    re_path(r"^blog/feed\.xml$", views.feed, name="feed"),
    re_path(r"^blog/(?P<slug>[-a-z0-9]+)/?$", views.post, name="post"),
]
