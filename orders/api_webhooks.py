"""A client's webhooks over the API."""

import uuid

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.exceptions import APIException, NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders.actors import Actor
from orders.client_webhooks import delivering, endpoints
from orders.models import WebhookDelivery, WebhookEndpoint
from orders.webhook_serializers import (
    RegisteredWebhookSerializer,
    RegisterWebhookSerializer,
    ResentSerializer,
    RotatedSecretSerializer,
    WebhookDeliverySerializer,
    WebhookSerializer,
)

WEBHOOK_ID = OpenApiParameter("webhook_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
DELIVERY_ID = OpenApiParameter("delivery_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
UNKNOWN = OpenApiResponse(description="No such webhook, or not yours.")
NO_TOKEN = OpenApiResponse(description="No valid API token.")
WRONG = OpenApiResponse(description="A field is wrong: `errors` says which. Nothing is stored.")
REFUSALS = {401: NO_TOKEN, 404: UNKNOWN}


class NotSendable(APIException):
    status_code = 409
    default_code = "webhook_disabled"


def _own(request: Request, webhook_id: str) -> WebhookEndpoint:
    endpoint = endpoints.endpoint_of(request.user, _id(webhook_id))
    if endpoint is None:
        raise NotFound
    return endpoint


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


@extend_schema_view(get=extend_schema(summary="One's own webhooks, newest first"))
class WebhookList(generics.ListAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = WebhookSerializer
    throttle_scope = "write"
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[WebhookEndpoint]:
        return endpoints.endpoints_of(self.request.user)

    @extend_schema(
        summary="Be told about one's own orders",
        description=(
            "As Standard Webhooks describes: `order.paid`, `order.ready`, `order.revision_ready`, `order.completed`, "
            "`order.failed` and `order.refunded` are posted to `url`, signed with the `secret` of the answer."
        ),
        request=RegisterWebhookSerializer,
        responses={201: RegisteredWebhookSerializer, 400: WRONG, 401: NO_TOKEN},
    )
    def post(self, request: Request) -> Response:
        asked = RegisterWebhookSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            endpoint, secret = endpoints.register(owner=request.user, url=asked.validated_data["url"])
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        answer = WebhookSerializer(endpoint).data | {"secret": secret.reveal()}
        return Response(answer, status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class WebhookDetail(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "write"

    @extend_schema(summary="Remove a webhook", parameters=[WEBHOOK_ID], request=None, responses={204: None, **REFUSALS})
    def delete(self, request: Request, webhook_id: str) -> Response:
        endpoints.remove(_own(request, webhook_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class RotateSecret(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "write"

    @extend_schema(
        summary="Another secret for a webhook",
        description="For a day what is sent carries two signatures, so that the receiver can change in its own time.",
        parameters=[WEBHOOK_ID],
        request=None,
        responses={200: RotatedSecretSerializer, **REFUSALS},
    )
    def post(self, request: Request, webhook_id: str) -> Response:
        secret, until = endpoints.rotate(_own(request, webhook_id))
        answer = RotatedSecretSerializer({"secret": secret.reveal(), "previousValidUntil": until}).data
        return Response(answer, headers={"Cache-Control": "no-store"})


@extend_schema_view(
    get=extend_schema(
        summary="What was sent to a webhook in the last 30 days, newest first",
        parameters=[WEBHOOK_ID],
        responses={200: WebhookDeliverySerializer(many=True), **REFUSALS},
    )
)
class DeliveryList(generics.ListAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = WebhookDeliverySerializer
    throttle_scope = "read"
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[WebhookDelivery]:
        if "webhook_id" not in self.kwargs:
            return WebhookDelivery.objects.none()  # the API's document is being made
        return _own(self.request, self.kwargs["webhook_id"]).deliveries.select_related("event")


class ResendDelivery(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "write"

    @extend_schema(
        summary="Send one again, under the same `webhook-id`",
        parameters=[WEBHOOK_ID, DELIVERY_ID],
        request=None,
        responses={202: ResentSerializer, **REFUSALS, 409: OpenApiResponse(description="The webhook is disabled.")},
    )
    def post(self, request: Request, webhook_id: str, delivery_id: str) -> Response:
        delivery = _own(request, webhook_id).deliveries.filter(pk=_id(delivery_id)).first()
        if delivery is None:
            raise NotFound
        try:
            job = delivering.resend(delivery, Actor("api", str(request.user.pk)))
        except delivering.NotSendable as error:
            raise NotSendable(str(error)) from None
        answer = {"status": "queued", "message": "It is in line.", "jobId": job.pk}
        headers = {"Location": f"/api/jobs/{job.pk}", "Retry-After": "2"}
        return Response(ResentSerializer(answer).data, status.HTTP_202_ACCEPTED, headers=headers)
