"""What keeps staff's pages fresh: the part of each that changes, alone, and the stream that says when to look."""

import hashlib

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from queues import topics
from queues.models import Queue

LOGGED_OUT, NOT_YOURS = 401, 403  # the page says so and asks no more; a login form would be shown inside it


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    return _refusal(request) or _fresh(request, "admin/now.html")


@require_safe
@never_cache
def queues(request: HttpRequest) -> HttpResponse:
    return _refusal(request, of_queues=True) or _fresh(request, "admin/queues/queue/now.html")


@require_safe
@never_cache
def stream(request: HttpRequest) -> HttpResponse:
    """Leads to the live stream of all lines: whatever a job does there, it tells."""
    lines = map(topics.of_queue, settings.QUEUES)
    return _refusal(request, of_queues=True) or redirect(topics.address(*lines), preserve_request=True)


def _refusal(request: HttpRequest, *, of_queues: bool = False) -> HttpResponse | None:
    if not admin.site.has_permission(request):
        return HttpResponse(status=LOGGED_OUT)
    if of_queues and not admin.site.get_model_admin(Queue).has_view_permission(request):
        return HttpResponse(status=NOT_YOURS)
    return None


def _fresh(request: HttpRequest, template: str) -> HttpResponse:
    """The part of a page in `template`; 304 while it has not changed."""
    response = render(request, template)
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    response = get_conditional_response(request, etag=etag, response=response)
    now = timezone.now()
    response.headers["As-Of"] = f"{now.day} {now:%b %H:%M:%S} UTC"
    return response
