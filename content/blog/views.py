"""The blog for everybody, and for programs that read it. Drafts are for staff only."""

import hashlib

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

from content.blog import selectors
from content.blog.pages import absolute, post_page

PER_PAGE = 12
IN_FEED, IN_SITEMAP = 30, 50_000  # a sitemap may hold no more
NAME, ABOUT = "Copydesk blog", "Posts about films and series, checked against the catalogue they are about."


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Published posts, newest first."""
    try:
        page = Paginator(selectors.published().defer("current__markdown", "current__html"), PER_PAGE).page(
            request.GET.get("page", "1")
        )
    except InvalidPage:
        raise Http404 from None
    context = {"page": page, "about": ABOUT, "address": absolute(reverse("blog:index"))}
    return _conditional(request, render(request, "blog/index.html", context))


@require_safe
def post(request: HttpRequest, slug: str) -> HttpResponse:
    """One post; staff see it before it is published."""
    found = selectors.posts_for(request.user).filter(slug=slug).first()
    if found is None:
        raise Http404
    response = render(request, "blog/post.html", {"page": post_page(found)})
    return _conditional(request, response, changed_at=int(found.updated_at.timestamp()))


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    posts = selectors.published().values_list("slug", "updated_at")[:IN_SITEMAP]
    lines = [(absolute(reverse("blog:post", args=[slug])), changed) for slug, changed in posts]
    context = {"index": absolute(reverse("blog:index")), "lines": lines}
    return _conditional(request, render(request, "blog/sitemap.xml", context, content_type="application/xml"))


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """RSS 2.0 of the newest posts."""
    posts = list(selectors.published()[:IN_FEED])
    document = Rss201rev2Feed(
        title=NAME,
        link=absolute(reverse("blog:index")),
        description=ABOUT,
        language="en",
        feed_url=absolute(reverse("blog:feed")),
    )
    for found in posts:
        address = absolute(found.get_absolute_url())
        document.add_item(
            title=found.current.title,
            link=address,
            description=found.current.description,
            pubdate=found.published_at,
            unique_id=address,
            categories=found.record.get("genres", ()),
        )
    response = HttpResponse(content_type="application/rss+xml; charset=utf-8")
    document.write(response, "utf-8")
    return _conditional(request, response)


def _conditional(request: HttpRequest, response: HttpResponse, *, changed_at: int | None = None) -> HttpResponse:
    """304 to whom has this very document. Nobody may keep it without asking: a post can be taken back."""
    response.headers["ETag"] = etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache" if request.user.is_authenticated else "no-cache"
    patch_vary_headers(response, ["Cookie"])
    if changed_at is not None:
        response.headers["Last-Modified"] = http_date(changed_at)
    return get_conditional_response(request, etag=etag, last_modified=changed_at, response=response)
