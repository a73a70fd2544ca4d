"""Include lines only; each app owns its paths."""

from django.contrib import admin
from django.urls import include, path, re_path

from config import health, metrics
from config.api import schema  # noqa: F401  registers the bearer scheme
from config.api.document import Docs, Document

handler400 = "config.api.handlers.bad_request"
handler403 = "config.api.handlers.permission_denied"
handler404 = "config.api.handlers.not_found"
handler500 = "config.api.handlers.server_error"

admin.autodiscover()
urlpatterns = [
    re_path(r"^healthz/?$", health.healthz, name="healthz"),
    re_path(r"^readyz/?$", health.readyz, name="readyz"),
    re_path(r"^metrics/?$", metrics.metrics, name="metrics"),
    re_path(r"^api/schema/?$", Document.as_view(), name="schema"),
    re_path(r"^api/docs/?$", Docs.as_view(url_name="schema"), name="docs"),
    path("", include("queues.urls")),
    path("", include("content.articles.urls")),
    path("", include("content.stories.urls")),
    path("", include("content.blog.urls")),
    path("", include("content.recommendations.urls")),
    path("", include("orders.api_urls")),
    path("", include("orders.urls")),
    path("", include("content.blog.runs.urls")),
    path("", include("config.ai_settings.urls")),
    path("", include("config.monitor.urls")),
    path("admin/", admin.site.urls),
]
