"""The page of a story: for everybody who has its address. Thin: pages.py says what is shown."""

import hashlib

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from content.stories import selectors
from content.stories.models import Story
from content.stories.pages import story_page
from queues import topics
from queues.selectors import news_of


@require_safe
@never_cache
def story(request: HttpRequest, story_id: str) -> HttpResponse:
    return render(request, "stories/story.html", {"page": story_page(_story(story_id))})


@require_safe
@never_cache
def story_live(request: HttpRequest, story_id: str) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    response = render(request, "stories/live.html", {"page": story_page(_story(story_id))})
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@require_safe
@never_cache
def story_stream(request: HttpRequest, story_id: str) -> HttpResponse:
    """Leads to the live stream that says when to ask `story_live` again; each visit to a fresh address."""
    return redirect(topics.address(*news_of(_story(story_id))), preserve_request=True)


def _story(story_id: str) -> Story:
    found = selectors.story_by_id(story_id)
    if found is None:
        raise Http404
    return found
