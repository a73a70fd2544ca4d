"""Addresses of runs; each works with and without a slash at its end."""

from django.urls import re_path

from content.blog.runs import api, views

app_name = "blog_runs"
PAGE = r"^admin/blog/auto-generate"
RUN = rf"{PAGE}/(?P<run_id>[0-9a-f]{{8}}(?:-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})"

urlpatterns = [
    re_path(r"^api/admin/blog/auto-generate/?$", api.StartRun.as_view()),
    re_path(r"^api/admin/blog/auto-generate/status/?$", api.RunStatus.as_view()),
    re_path(r"^api/admin/blog/auto-generate/stop/?$", api.StopRun.as_view()),
    re_path(rf"{PAGE}/?$", views.runs, name="page"),
    re_path(rf"{PAGE}/live/?$", views.live, name="live"),
    re_path(rf"{PAGE}/stream/?$", views.stream, name="stream"),
    re_path(rf"{RUN}/stop/?$", views.stop, name="stop"),
    re_path(rf"{RUN}/stop-now/?$", views.stop_now, name="stop-now"),
]
