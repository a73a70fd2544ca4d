"""The API of recommendations. A client with a token is the only one, beside staff, to read its results; what was
asked for without one is read by whoever has its id, which cannot be guessed."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.recommendations import selectors, services, wording
from content.recommendations import serializers as wire
from content.recommendations.answer import whole
from content.recommendations.models import Recommendation
from content.texts.durations import in_words

POLL = {"Retry-After": "2"}
FRESH = {"Cache-Control": "no-store"}
WRONG = OpenApiResponse(description="`errors` says which field is wrong. Nothing is stored.")
UNKNOWN = OpenApiResponse(description="There is no such request, it is not yours, or its result is deleted.")
REQUEST_ID = OpenApiParameter("request_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


class Recommendations(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "recommendations"

    @extend_schema(
        operation_id="recommendations_create",
        summary="Ask for recommendations",
        description="Answers at once; `GET /api/results/{requestId}` has the result when it is there.",
        request=wire.RecommendationWishSerializer,
        responses={202: wire.RecommendationAskedSerializer, 400: WRONG},
    )
    def post(self, request: Request) -> Response:
        wish = wire.RecommendationWishSerializer(data=request.data)
        wish.is_valid(raise_exception=True)
        owner = request.user if request.user.is_authenticated else None
        row, job = services.request_recommendations(owner=owner, **wish.validated_data)
        seconds = selectors.wait_seconds(job)
        asked = {
            "requestId": row.pk,
            "status": selectors.PENDING,
            "message": wording.STARTED.format(row.pk),
            "estimatedTime": in_words(seconds),
            "estimatedSeconds": seconds,
            "jobId": job.pk,
        }
        headers = POLL | FRESH | {"Location": f"/api/results/{row.pk}"}
        return Response(wire.RecommendationAskedSerializer(asked).data, status=202, headers=headers)


class Result(APIView):
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "recommendations", "lookup"

    @extend_schema(
        operation_id="results_retrieve",
        summary="A result, or how its request stands",
        parameters=[REQUEST_ID],
        responses={200: wire.RecommendationResultSerializer, 404: UNKNOWN},
    )
    def get(self, request: Request, request_id: str) -> Response:
        row = found(request, request_id)
        told = _told(row)
        is_open = told["status"] in (selectors.PENDING, selectors.PROCESSING)
        return Response(wire.RecommendationResultSerializer(told).data, headers=FRESH | (POLL if is_open else {}))


class Health(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "recommendations"

    @extend_schema(
        operation_id="results_health",
        summary="Is a worker alive, how long is the line, how much memory does each worker take?",
        responses={200: wire.RecommendationHealthSerializer, 503: wire.RecommendationHealthSerializer},
    )
    def get(self, request: Request) -> Response:
        now = selectors.health()
        told = wire.RecommendationHealthSerializer(now, context={"for_staff": request.user.is_staff}).data
        return Response(told, status=503 if now.status == "unhealthy" else 200, headers=FRESH)


def found(request: Request, request_id: str) -> Recommendation:
    """The request, if whoever asks may read it; raises NotFound, with the same words whatever the reason."""
    try:
        row = selectors.recommendation(request_id, request.user)
    except ValidationError:  # no UUID
        row = None
    if row is None:
        raise exceptions.NotFound(wording.gone(settings.RESULTS_TTL))
    return row


def _told(row: Recommendation) -> dict[str, Any]:
    job = selectors.job_of(row)
    state = selectors.state(row, job)
    told = {
        "requestId": row.pk,
        "status": state,
        "createdAt": row.created_at,
        "updatedAt": selectors.updated_at(row, job),
        "expiresAt": row.expires_at,
    }
    match state:
        case selectors.COMPLETED:
            return told | {"result": whole(row)}
        case selectors.FAILED:
            return told | {"error": wording.fault(job), "errorKind": (job and job.error_kind) or "gone"}
        case selectors.PENDING:
            return told | {"message": wording.PENDING, "estimatedTime": in_words(selectors.wait_seconds(job))}
    return told | {"message": wording.PROCESSING}
