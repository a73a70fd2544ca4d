"""The API of orders: what is on offer, buying it, and how an order is doing."""

import hashlib
import json
import uuid

from django.core.exceptions import ValidationError
from django.utils.http import parse_etags, quote_etag
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.authentication import get_authorization_header
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from orders import links, selectors, services
from orders.actors import Actor
from orders.models import Order, Product
from orders.payments import checkouts
from orders.serializers import OrderStatusSerializer, ProductSerializer, PurchasedSerializer, PurchaseSerializer

ORDER_ID = OpenApiParameter("order_id", OpenApiTypes.UUID, OpenApiParameter.PATH)


@extend_schema_view(get=extend_schema(summary="Products on offer, cheapest first"))
class ProductList(generics.ListAPIView):
    permission_classes = [AllowAny]
    authentication_classes: list = []
    serializer_class = ProductSerializer
    throttle_scope = "read"

    def get_queryset(self) -> list[Product]:
        return selectors.products()


class PurchaseCreate(APIView):
    permission_classes = [IsAuthenticated]
    throttle_scope = "generate"
    idempotency_key_required = True

    @extend_schema(
        summary="Order an article",
        request=PurchaseSerializer,
        responses={
            201: PurchasedSerializer,
            400: OpenApiResponse(description="A field is wrong: `errors` says which. Nothing is stored."),
            401: OpenApiResponse(description="No valid API token."),
        },
    )
    def post(self, request: Request) -> Response:
        wishes = PurchaseSerializer(data=request.data)
        wishes.is_valid(raise_exception=True)
        try:
            order = services.create_order(
                **wishes.validated_data, actor=Actor("client", str(request.user.pk)), owner=request.user
            )
        except ValidationError as error:
            raise serializers.ValidationError(_wire_errors(error)) from None
        address = links.status_url(order)
        answer = {
            "orderId": order.pk,
            "code": order.code,
            "checkoutUrl": checkouts.open_address(order) or address,
            "statusUrl": address,
            "amount": order.amount,
            "currency": order.currency,
        }
        return Response(PurchasedSerializer(answer).data, status.HTTP_201_CREATED, headers={"Location": address})


def _wire_errors(error: ValidationError) -> dict[str, list[str]]:
    names = {field.source: name for name, field in PurchaseSerializer().fields.items()}
    return {names[field]: messages for field, messages in error.message_dict.items()}


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
            401: OpenApiResponse(description="No credentials."),
            404: OpenApiResponse(description="No such order, or not yours."),
        },
    )
    def get(self, request: Request, order_id: str) -> Response:
        payload = selectors.status_payload(_visible_order(request, order_id))
        etag = quote_etag(hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()[:32])
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        return Response(payload, headers=headers)


def _visible_order(request: Request, order_id: str) -> Order:
    """The order, if whoever asks may see it. Unknown and forbidden orders give one and the same answer."""
    scheme, _, bearer = get_authorization_header(request).decode("latin-1").partition(" ")
    token = bearer.strip() if scheme.lower() == "bearer" else links.remembered(request)
    user = request.user
    if not token and not user.is_authenticated:
        raise NotAuthenticated
    try:
        wanted = uuid.UUID(order_id)
    except ValueError:
        raise NotFound from None
    order = selectors.order_by_token(wanted, token)
    if order is None and user.is_authenticated:
        known = selectors.order_by_id(wanted)
        order = known if known and (user.is_staff or known.owner_id == user.pk) else None
    if order is None:
        raise NotFound
    return order
