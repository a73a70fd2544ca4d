"""A clear answer to a form that is too large."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect


def limited_body(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answers 413 with a page to a body over DATA_UPLOAD_MAX_MEMORY_SIZE, unread; else checks CSRF as usual.

    The CSRF middleware would read the body before the view is asked, and Django makes a bare 400 of the error
    that this raises. So the middleware leaves the view alone, and its check is made here, after the size.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def limited(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return render(request, "413.html", status=413)
        return protected(request, *args, **kwargs)

    return limited
