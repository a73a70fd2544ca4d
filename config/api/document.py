"""`GET /api/schema`: the OpenAPI document, made once per process; it takes a second. `GET /api/docs` shows it."""

import functools
import threading

from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

_making = threading.Lock()  # the generator looks its extensions up once per process, and not two threads at a time


class Document(SpectacularAPIView):
    throttle_scope = "read"

    @extend_schema(exclude=True)
    def get(self, request: HttpRequest) -> HttpResponse:
        renderer = type(request.accepted_renderer)
        with _making:
            text = _text(renderer)
        return HttpResponse(text, content_type=renderer.media_type)


class Docs(SpectacularSwaggerSplitView):
    """The page has no form that OPTIONS could be answered in."""

    http_method_names = ("get", "head")
    throttle_scope = "read"


@functools.cache
def _text(renderer: type) -> bytes:
    return renderer().render(SchemaGenerator().get_schema(request=None, public=True), renderer_context={})
