"""What keeps staff's pages fresh: the part of each that changes, alone, and the stream that says when to look."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from queues import topics
from queues.models import Job, Queue
from queues.states import BEFORE_START

LOGGED_OUT, NOT_YOURS = 401, 403  # the page says so and asks no more; a login form would be shown inside it


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    return _refusal(request) or _fresh(request, "admin/now.html")


@require_safe
@never_cache
def queues(request: HttpRequest) -> HttpResponse:
    return _refusal(request, Queue) or _fresh(request, "admin/queues/queue/now.html")


@require_safe
@never_cache
def stream(request: HttpRequest) -> HttpResponse:
    """Leads to the live stream of all lines: whatever a job does there, it tells."""
    lines = map(topics.of_queue, settings.QUEUES)
    return _refusal(request, Queue) or _to_stream(*lines)


@require_safe
@never_cache
def queue(request: HttpRequest, name: str) -> HttpResponse:
    template = "admin/queues/queue/one_now.html"
    return _refusal(request, Queue) or _fresh(request, template, original=get_object_or_404(Queue, pk=name))


@require_safe
@never_cache
def queue_stream(request: HttpRequest, name: str) -> HttpResponse:
    return _refusal(request, Queue) or _to_stream(topics.of_queue(get_object_or_404(Queue, pk=name).name))


@require_safe
@never_cache
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    template = "admin/queues/job/now.html"
    return _refusal(request, Job) or _fresh(request, template, original=get_object_or_404(Job, pk=job_id))


@require_safe
@never_cache
def job_stream(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Leads to what the job says, and until it starts to its line: a pause or a new limit is told there."""
    if refusal := _refusal(request, Job):
        return refusal
    found = get_object_or_404(Job, pk=job_id)
    line = [topics.of_queue(found.queue)] if found.state in BEFORE_START else []
    return _to_stream(topics.of_job(found.pk), *line)


def _to_stream(*heard: str) -> HttpResponse:
    return redirect(topics.address(*heard), preserve_request=True)


def _refusal(request: HttpRequest, model: type[Model] | None = None) -> HttpResponse | None:
    """An empty answer for who is logged out, or may not see this model's rows."""
    if not admin.site.has_permission(request):
        return HttpResponse(status=LOGGED_OUT)
    if model and not admin.site.get_model_admin(model).has_view_permission(request):
        return HttpResponse(status=NOT_YOURS)
    return None


def _fresh(request: HttpRequest, template: str, **context: Model) -> HttpResponse:
    """The part of a page in `template`; 304 while it has not changed."""
    response = render(request, template, context)
    etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
    response.headers["ETag"] = etag
    response = get_conditional_response(request, etag=etag, response=response)
    now = timezone.now()
    response.headers["As-Of"] = f"{now.day} {now:%b %H:%M:%S} UTC"
    return response
