"""The page /admin/blog/auto-generate. Every button is a plain POST followed by a redirect; nothing needs a script."""

import hashlib
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aiproviders.errors import ProviderError
from aiproviders.services import check_keys
from content.blog.catalogues import default_catalogue
from content.blog.models import Run
from content.blog.runs import selectors, services, wishes
from content.blog.runs.errors import AlreadyRunning, NotRunning
from content.blog.runs.forecast import Forecast, forecast
from content.blog.runs.forms import RunForm
from content.blog.runs.page import RunsPage, news_of, runs_page
from content.blog.writing import TEMPLATE
from queues import topics

TITLE = "Auto-generate blog posts"


@never_cache
@admin.site.admin_view
def runs(request: HttpRequest) -> HttpResponse:
    """The form, the runs that go on, and the history; POST estimates or starts."""
    if request.method != "POST":
        return _page(request, RunForm(request.user, repeats=_repeated(request)))
    form = RunForm(request.user, request.POST)
    if form.is_valid():
        try:
            if request.POST.get("do") != "start":
                return _page(request, form, _estimate(request.user, form.cleaned_data))
            started = services.start_run(owner=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        except AlreadyRunning as error:
            messages.error(request, f"Nothing was started. {error}")
            return redirect("blog_runs:page")
        else:
            messages.success(request, f"Started: {started.run}. {started.notice}".strip())
            return redirect("blog_runs:page")
    return _page(request, form)


@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes; 304 while it has not."""
    page = runs_page(_staff(request))
    response = render(request, "blog/runs/live.html", {"page": page})
    # The forms' token is another one each time.
    etag = quote_etag(hashlib.sha256(repr(page).encode()).hexdigest()[:32])
    response.headers["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)


@require_safe
@never_cache
def stream(request: HttpRequest) -> HttpResponse:
    """Leads to the live stream that says when to ask `live` again."""
    return redirect(topics.address(*news_of(runs_page(_staff(request)))), preserve_request=True)


@require_POST
@admin.site.admin_view
def stop(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop after the posts in work."""
    return _stop(request, run_id, now=False)


@never_cache
@admin.site.admin_view
def stop_now(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Asks first; POST stops."""
    if request.method == "POST":
        return _stop(request, run_id, now=True)
    run = get_object_or_404(Run.objects.told(), pk=run_id)
    context = {"title": "Stop now", "run": run, "words": services.stopping_words(run)}
    return TemplateResponse(request, "blog/runs/stop.html", admin.site.each_context(request) | context)


def _stop(request: HttpRequest, run_id: UUID, *, now: bool) -> HttpResponse:
    run = get_object_or_404(Run, pk=run_id)
    try:
        messages.success(request, services.stop_run(run, now=now))
    except NotRunning as error:
        messages.error(request, str(error))
    return redirect("blog_runs:page")


def _page(request: HttpRequest, form: RunForm, estimate: Forecast | None = None) -> HttpResponse:
    page: RunsPage = runs_page(request.user)
    own = selectors.latest_of(request.user)
    model = form["ai_model"].value()
    context = {
        "title": TITLE,
        "form": form,
        "may_start": own is None or not own.is_open,
        "estimate": estimate,
        "page": page,
        "catalogue": default_catalogue(),
        "missing_key": _missing_key(request.user, model),
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, "blog/runs/page.html", admin.site.each_context(request) | context, status=status)


def _estimate(user, wanted: dict) -> Forecast:
    """Raises ValidationError as start_run does."""
    run = Run(owner=user, **wanted)
    wishes.checked(run)
    return forecast(run)


def _missing_key(user, model: str) -> str:
    """Why nobody's key pays for this model; empty when one does."""
    if not model or model == TEMPLATE:
        return ""
    try:
        check_keys(user=user, model=model)
    except ProviderError as error:
        return error.message if error.kind == "no_key" else ""
    return ""


def _repeated(request: HttpRequest) -> Run | None:
    """The run whose wishes the form begins with."""
    asked = request.GET.get("repeat", "")
    try:
        return Run.objects.filter(pk=UUID(asked)).first() if asked else None
    except ValueError:
        return None


def _staff(request: HttpRequest):
    """Who asks; for others there is nothing here, also when their session has ended meanwhile."""
    if not (request.user.is_active and request.user.is_staff):
        raise Http404
    return request.user
