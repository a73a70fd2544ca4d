"""Where titles come from. A new catalogue: one file beside this one, one line in CATALOGUES; the suite picks it up."""

from django.conf import settings
from django.utils.module_loading import import_string

from content.blog.catalogues.base import Catalogue, CatalogueError, Page, Query, Title

__all__ = ["Catalogue", "CatalogueError", "Page", "Query", "Title", "catalogue", "default_catalogue"]

CATALOGUES = {
    "tmdb": "content.blog.catalogues.tmdb.TMDb",
    "builtin": "content.blog.catalogues.builtin.Builtin",
}


def default_catalogue() -> Catalogue:
    """TMDB when there is a key for it, else the built-in films."""
    return catalogue("tmdb" if settings.TMDB_API_KEY else "builtin")


def catalogue(name: str) -> Catalogue:
    """The catalogue called `name`, as a post's `source` names it; raises KeyError."""
    return import_string(CATALOGUES[name])()
