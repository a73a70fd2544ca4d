"""The public page of an article that was written here, under its domain's own name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from content.articles import selectors


@require_safe
def published(request: HttpRequest, slug: str) -> HttpResponse:
    """The live version at this address of this host; what is not published, or of another domain, is not there."""
    article = selectors.published(request.get_host(), slug)
    if article is None:
        raise Http404
    context = {"article": article, "version": article.published_version}
    return render(request, "articles/published.html", context)
