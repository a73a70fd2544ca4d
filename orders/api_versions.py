"""Versions of an order over the API: one, as a file, and what has changed between two."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.articles.services import DOCX, FORMATS, export, word_diff
from orders import files, selectors, wire
from orders.access import visible_order
from orders.action_serializers import DiffSerializer
from orders.api import ORDER_ID
from orders.api_conflicts import NOBODY, UNKNOWN, WRONG
from orders.models import Order
from orders.serializers import VersionSerializer

LARGEST = 2**31 - 1
FILES = ["text/html", "text/markdown", "text/plain", DOCX]
NUMBER = OpenApiParameter("number", OpenApiTypes.INT, OpenApiParameter.PATH)


class AnyForm(DefaultContentNegotiation):
    """`format` names a kind of file here, and whoever asks for one gets it, whatever else they accept."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class VersionDetail(APIView):
    permission_classes = [AllowAny]
    content_negotiation_class = AnyForm
    throttle_scope, anonymous_throttle_scope = "read", "lookup"

    @extend_schema(
        summary="One version of an order, as JSON or as a file",
        parameters=[ORDER_ID, NUMBER, OpenApiParameter("format", str, enum=sorted(FORMATS))],
        responses={
            (200, "application/json"): VersionSerializer,
            **{(200, media_type): OpenApiTypes.BINARY for media_type in FILES},
            400: WRONG,
            401: NOBODY,
            404: UNKNOWN,
        },
    )
    def get(self, request: Request, order_id: str, number: str) -> HttpResponse:
        order, _ = visible_order(request, order_id)
        form = request.query_params.get("format", "")
        if form and form not in FORMATS:
            raise serializers.ValidationError({"format": [f"One of {', '.join(sorted(FORMATS))}, please."]})
        version = _version(order, _number("number", number, wrong=NotFound))
        if not form:
            return Response(wire.version(version), headers={"Cache-Control": "private, no-cache"})
        return files.attachment(order, version, export(version, form))


class VersionDiff(APIView):
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "read", "lookup"

    @extend_schema(
        summary="What has changed between two versions, word by word",
        parameters=[
            ORDER_ID,
            OpenApiParameter("from", int, required=True, description="Number of a version."),
            OpenApiParameter("to", int, required=True, description="Number of a version."),
        ],
        responses={200: DiffSerializer, 400: WRONG, 401: NOBODY, 404: OpenApiResponse(description="As above.")},
    )
    def get(self, request: Request, order_id: str) -> Response:
        order, _ = visible_order(request, order_id)
        asked = {name: _number(name, request.query_params.get(name, "")) for name in ("from", "to")}
        before, after = (_version(order, number) for number in asked.values())
        changes = [{"op": change.op, "text": change.text} for change in word_diff(before, after)]
        return Response(asked | {"changes": changes}, headers={"Cache-Control": "private, no-cache"})


def _version(order: Order, number: int):
    version = selectors.version_of(order, number)
    if version is None:
        raise NotFound(f"This order has no version {number}.")
    return version


def _number(name: str, text: str, *, wrong: type[Exception] | None = None) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:11]) <= LARGEST:
        return int(text)
    raise wrong() if wrong else serializers.ValidationError({name: ["The number of a version, please."]})
