"""The product's addresses and the one that is measured."""

from django.urls import include, path

from benchmarks.app.api import DraftCreate

urlpatterns = [path("api/drafts", DraftCreate.as_view()), path("", include("config.urls"))]
