"""What a customer, or the client that ordered, can do with an order over the API."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.texts.durations import in_words
from orders import cancelling, reviews, revisions, selectors
from orders.access import order_to_change
from orders.action_serializers import (
    CancelSerializer,
    RequestRevisionSerializer,
    RevisionRequestedSerializer,
    SubmitForReviewSerializer,
    SubmittedSerializer,
)
from orders.api import ORDER_ID
from orders.api_conflicts import CONFLICT, NOBODY, UNKNOWN, WRONG, as_problems
from orders.models import Order
from orders.serializers import OrderStatusSerializer
from queues.selectors import estimated_seconds

FORBIDDEN = OpenApiResponse(description="Staff without the right to do this.")
REFUSALS = {400: WRONG, 401: NOBODY, 403: FORBIDDEN, 404: UNKNOWN, 409: CONFLICT}


class RequestRevision(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "generate"

    @extend_schema(
        summary="Ask for another version",
        request=RequestRevisionSerializer,
        responses={202: RevisionRequestedSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        asked = RequestRevisionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        order, actor = order_to_change(request, asked.validated_data["orderId"])
        with as_problems(order.pk):
            revision, job = revisions.request_revision(
                order_id=order.pk,
                notes=asked.validated_data["revisionNotes"],
                version_id=asked.validated_data.get("versionId"),
                actor=actor,
            )
        seconds = estimated_seconds(job)
        answer = {
            "status": "queued",
            "message": "Your changes are in line.",
            "jobId": job.pk,
            "revisionId": revision.pk,
            "estimatedTime": in_words(seconds),
            "estimatedSeconds": seconds,
        }
        headers = {"Location": f"/api/v1/purchase/status/{order.pk}", "Retry-After": "2"}
        return Response(RevisionRequestedSerializer(answer).data, status.HTTP_202_ACCEPTED, headers=headers)


class SubmitForReview(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "write"

    @extend_schema(
        summary="Hand a version to the editor",
        description="The same version again, while it waits, gives the same `reviewId`.",
        request=SubmitForReviewSerializer,
        responses={200: SubmittedSerializer, **REFUSALS},
    )
    def post(self, request: Request) -> Response:
        asked = SubmitForReviewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        order, actor = order_to_change(request, asked.validated_data["orderId"])
        with as_problems(order.pk):
            review = reviews.submit_for_review(
                order_id=order.pk, version_id=asked.validated_data["versionId"], actor=actor
            )
        return Response(SubmittedSerializer({"reviewId": review.pk}).data)


class OrderAction(APIView):
    permission_classes = [AllowAny]
    throttle_scope = "write"

    def status_of(self, order: Order) -> Response:
        return Response(selectors.status_payload(selectors.order_by_id(order.pk)))


class Cancel(OrderAction):
    @extend_schema(
        summary="Cancel an order, or withdraw from it",
        description="Before the first version, and within the time to withdraw. What was paid goes back.",
        parameters=[ORDER_ID],
        request=CancelSerializer,
        responses={200: OrderStatusSerializer, **REFUSALS},
    )
    def post(self, request: Request, order_id: str) -> Response:
        order, actor = order_to_change(request, order_id, sends_money_back=True)
        asked = CancelSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with as_problems(order.pk):
            cancelling.cancel(order_id=order.pk, actor=actor, note=asked.validated_data["note"])
        return self.status_of(order)


class Recall(OrderAction):
    @extend_schema(
        summary="Take a version back from the editor, who has not begun to read it",
        parameters=[ORDER_ID],
        request=None,
        responses={200: OrderStatusSerializer, **REFUSALS},
    )
    def post(self, request: Request, order_id: str) -> Response:
        order, actor = order_to_change(request, order_id)
        with as_problems(order.pk):
            reviews.recall(order_id=order.pk, actor=actor)
        return self.status_of(order)
