"""`GET /api/schema`: the OpenAPI document, made once per process; it takes a second."""

import functools

from django.http import HttpRequest, HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView


class Document(SpectacularAPIView):
    throttle_scope = "read"

    @extend_schema(exclude=True)
    def get(self, request: HttpRequest) -> HttpResponse:
        renderer = type(request.accepted_renderer)
        return HttpResponse(_text(renderer), content_type=renderer.media_type)


@functools.cache
def _text(renderer: type) -> bytes:
    return renderer().render(SchemaGenerator().get_schema(request=None, public=True), renderer_context={})
