"""The form and the page of a request. Thin: forms check, services write, pages.py says what is shown."""

import hashlib
import math
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from content.recommendations import selectors, services, wording
from content.recommendations.answer import DISCLAIMER
from content.recommendations.api import Recommendations
from content.recommendations.forms import RecommendationForm
from content.recommendations.models import Recommendation
from content.recommendations.pages import recommendation_page
from queues import topics
from queues.selectors import news_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest) -> HttpResponse:
    """A valid form makes one request, and leads to its page."""
    if request.method != "POST":
        return _form(request, RecommendationForm())
    asked = RecommendationForm(request.POST)
    if not asked.is_valid():
        return _form(request, asked, status=400)
    if wait := _seconds_to_wait(request):
        response = _form(request, asked, status=429, wait=wait)
        response.headers["Retry-After"] = str(wait)
        return response
    owner = request.user if request.user.is_authenticated else None
    row, _ = services.request_recommendations(owner=owner, **asked.wishes())
    return redirect("recommendations:recommendation", row.pk)


def _form(request: HttpRequest, asked: RecommendationForm, *, status: int = 200, wait: int = 0) -> HttpResponse:
    context = {"form": asked, "wait": wait, "disclaimer": DISCLAIMER}
    return render(request, "recommendations/form.html", context, status=status)


def _seconds_to_wait(request: HttpRequest) -> int:
    """Takes one of what the API's limit allows this caller; 0 when there was one."""
    view = Recommendations()
    asked = view.initialize_request(request)
    throttle = next((one for one in view.get_throttles() if not one.allow_request(asked, view)), None)
    return math.ceil(throttle.wait() or 1) if throttle else 0


def _of_readable(view: Callable[[HttpRequest, Recommendation], HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives `view` the request that whoever asks may read; a page that says what may have happened if there is none."""

    @require_safe
    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, recommendation_id: str) -> HttpResponse:
        row = selectors.recommendation(recommendation_id, request.user)
        if row is None:
            context = {"words": wording.gone(settings.RESULTS_TTL)}
            return render(request, "recommendations/gone.html", context, status=404)
        return view(request, row)

    return guarded


@_of_readable
def recommendation(request: HttpRequest, row: Recommendation) -> HttpResponse:
    return render(request, "recommendations/recommendation.html", {"page": recommendation_page(row)})


@_of_readable
def live(request: HttpRequest, row: Recommendation) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    response = render(request, "recommendations/live.html", {"page": recommendation_page(row)})
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@_of_readable
def stream(request: HttpRequest, row: Recommendation) -> HttpResponse:
    """Leads to the live stream that says when to ask `live` again; each visit to a fresh address."""
    return redirect(topics.address(*news_of(row)), preserve_request=True)
