"""The page of one article: its text, the commentary, and what its reader thinks of it."""

import hashlib
import secrets

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from content.articles import selectors
from content.articles.commentary import opinions, services
from content.articles.commentary.page import commentary_part
from content.articles.models import Article
from queues import topics
from queues.selectors import news_of

COOKIE, COOKIE_DAYS = "reader", 365
VOTES = {"yes": True, "no": False}


def _found(article_id: str) -> Article:
    article = selectors.article(article_id)
    if article is None:
        raise Http404
    return article


@require_safe
@never_cache
def article(request: HttpRequest, article_id: str) -> HttpResponse:
    """Nothing changes by looking: the script says when somebody has really looked."""
    article = _found(article_id)
    context = {"article": article, "part": commentary_part(article, _reader(request))}
    return render(request, "articles/article.html", context)


@require_safe
@never_cache
def live(request: HttpRequest, article_id: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    article = _found(article_id)
    context = {"article": article, "part": commentary_part(article, _reader(request))}
    response = render(request, "articles/commentary.html", context)
    # The form's token is another one each time.
    etag = quote_etag(hashlib.sha256(repr(context["part"]).encode()).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@require_safe
@never_cache
def stream(request: HttpRequest, article_id: str) -> HttpResponse:
    """Leads to the live stream that says when to ask `live` again."""
    return redirect(topics.address(*news_of(_found(article_id))), preserve_request=True)


@require_POST
def ask(request: HttpRequest, article_id: str) -> HttpResponse:
    """Asks for a commentary, and shows the page again."""
    user = request.user if request.user.is_authenticated else None
    try:
        services.request_commentary(_found(article_id), owner=user)
    except services.Gone:
        raise Http404 from None
    return redirect("articles:article", article_id)


@require_POST
def vote(request: HttpRequest, article_id: str) -> HttpResponse:
    """Notes the reader's opinion, and who the reader is in a cookie that says nothing else."""
    commentary = _found(article_id).commentary
    helpful = VOTES.get(request.POST.get("helpful", ""))
    if commentary is None or helpful is None:
        raise Http404
    reader = _reader(request) or secrets.token_urlsafe(16)
    opinions.vote(commentary, reader=reader, helpful=helpful)
    response = redirect("articles:article", article_id)
    response.set_cookie(
        COOKIE,
        reader,
        max_age=COOKIE_DAYS * 86400,
        path="/articles/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_POST
def seen(request: HttpRequest, article_id: str) -> HttpResponse:
    """Counts a look at the commentary; sent by the page's script."""
    if commentary := _found(article_id).commentary:
        opinions.seen(commentary)
    return HttpResponse(status=204)


def _reader(request: HttpRequest) -> str:
    """The name in the reader's cookie; empty if there is none, or somebody has made one up."""
    name = request.COOKIES.get(COOKIE, "")
    return name if 16 <= len(name) <= 40 and name.isascii() and name.isprintable() else ""
