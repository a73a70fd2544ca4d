"""The API of orders: what is on offer, buying it, one's own orders, and how one is doing."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.http import parse_etags, quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import links, selectors, services
from orders.access import visible_order
from orders.actors import Actor
from orders.api_conflicts import NOBODY, UNKNOWN, WRONG
from orders.models import Order, Product
from orders.payments import checkouts
from orders.serializers import (
    OrderBatchSerializer,
    OrderFilterSerializer,
    OrderLineSerializer,
    OrdersBatchedSerializer,
    OrderStatusSerializer,
    ProductSerializer,
    PurchasedSerializer,
    PurchaseSerializer,
)
from queues import topics
from queues.selectors import news_of

ORDER_ID = OpenApiParameter("order_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
NO_TOKEN = OpenApiResponse(description="No valid API token.")


@extend_schema_view(get=extend_schema(summary="Products on offer, cheapest first"))
class ProductList(generics.ListAPIView):
    permission_classes = [AllowAny]
    authentication_classes: list = []
    serializer_class = ProductSerializer
    throttle_scope = "read"

    def get_queryset(self) -> list[Product]:
        return selectors.products()


@extend_schema_view(
    get=extend_schema(summary="One's own orders, newest first (staff: all)", parameters=[OrderFilterSerializer])
)
class PurchaseList(generics.ListAPIView):
    permission_classes = [IsAuthenticated]
    serializer_class = OrderLineSerializer
    throttle_scope = "generate"
    idempotency_key_required = True
    ordering = ("-created_at", "-id")

    def get_queryset(self) -> QuerySet[Order]:
        wanted = OrderFilterSerializer(data=self.request.query_params.dict())  # empty is no value, as in JSON
        wanted.is_valid(raise_exception=True)
        return selectors.orders_of(self.request.user, **wanted.validated_data)

    @extend_schema(
        summary="Order an article, or a link in an article that exists",
        request=PurchaseSerializer,
        responses={201: PurchasedSerializer, 400: WRONG, 401: NO_TOKEN},
    )
    def post(self, request: Request) -> Response:
        wishes = PurchaseSerializer(data=request.data)
        wishes.is_valid(raise_exception=True)
        try:
            order = services.create_order(**wishes.validated_data, actor=_client(request), owner=request.user)
        except ValidationError as error:
            raise serializers.ValidationError(_wire_errors(error.message_dict)) from None
        answer = _purchased(order)
        return Response(answer, status.HTTP_201_CREATED, headers={"Location": answer["statusUrl"]})


class PurchaseBatch(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "generate"
    idempotency_key_required = True

    @extend_schema(
        summary="Order several at once: all or none",
        description=(
            "Orders of one e-mail and currency are paid together: they have the same `checkoutUrl`. "
            "`GET /api/v1/purchase?batchId=` lists them later."
        ),
        request=OrderBatchSerializer,
        responses={201: OrdersBatchedSerializer, 400: WRONG, 401: NO_TOKEN},
    )
    def post(self, request: Request) -> Response:
        asked = OrderBatchSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            orders = services.create_orders(asked.validated_data["orders"], actor=_client(request), owner=request.user)
        except services.WrongOrders as error:
            wrong = {str(index): _wire_errors(fields) for index, fields in error.by_index.items()}
            raise serializers.ValidationError({"orders": wrong}) from None
        answer = {"batchId": str(orders[0].batch), "orders": [_purchased(order) for order in orders]}
        return Response(answer, status.HTTP_201_CREATED)


def _client(request: Request) -> Actor:
    return Actor("api", str(request.user.pk))


def _purchased(order: Order) -> dict:
    address = links.status_url(order)
    answer = {
        "orderId": order.pk,
        "code": order.code,
        "checkoutUrl": checkouts.open_address(order) or address,
        "statusUrl": address,
        "amount": order.amount,
        "currency": order.currency,
    }
    return PurchasedSerializer(answer).data


def _wire_errors(by_field: dict[str, list[str]]) -> dict[str, list[str]]:
    names = {field.source: name for name, field in PurchaseSerializer().fields.items()}
    return {names[field]: messages for field, messages in by_field.items()}


class PurchaseStatus(APIView):
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "read", "lookup"

    @extend_schema(
        summary="Status of an order",
        description=(
            "For the customer (the token of the link as bearer, or the cookie that the order page set), the API "
            "client that ordered, and staff. Answers carry an ETag; poll every `pollAfter` seconds."
        ),
        parameters=[ORDER_ID, OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER)],
        responses={
            200: OrderStatusSerializer,
            304: OpenApiResponse(description="Nothing has changed."),
            401: NOBODY,
            404: UNKNOWN,
        },
    )
    def get(self, request: Request, order_id: str) -> Response:
        payload = selectors.status_payload(visible_order(request, order_id)[0])
        etag = quote_etag(hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32])
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(payload, headers=headers)


class PurchaseStream(APIView):
    permission_classes = [AllowAny]
    throttle_scope, anonymous_throttle_scope = "read", "lookup"

    @extend_schema(
        summary="Where the order's live stream is",
        description="For whom the status is. Leads to server-sent events, or a WebSocket, that say when to ask for the "
        'status again: `{"type": "changed", "subject"}`, with `job` and `event` when it was a job. At the start, and '
        "whenever something may have been missed, there is only the type; while the order's job is in line "
        "that also comes, at most once a second, when its place may have changed. An address opens for ten minutes, a "
        "stream ends after about one: ask here again.",
        parameters=[ORDER_ID],
        responses={307: OpenApiResponse(description="`Location` is the stream."), 401: NOBODY, 404: UNKNOWN},
    )
    def get(self, request: Request, order_id: str) -> Response:
        order, _ = visible_order(request, order_id)
        headers = {"Location": topics.address(*news_of(order)), "Cache-Control": "no-store"}
        return Response(status=status.HTTP_307_TEMPORARY_REDIRECT, headers=headers)
