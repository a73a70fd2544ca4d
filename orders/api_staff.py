"""Staff's decisions about orders over the API; the admin's buttons call the same services."""

from collections.abc import Callable

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from orders import (
    cancelling,
    decisions,
    erasing,
    priorities,
    publishing,
    refunding,
    requeueing,
    reviews,
    revisions,
    scheduling,
    selectors,
)
from orders.access import check_money
from orders.action_serializers import (
    ApproveSerializer,
    CancelSerializer,
    ClaimSerializer,
    NoteSerializer,
    NothingSerializer,
    OrderPrioritySerializer,
    RefundOrderSerializer,
    RequeueSerializer,
    ScheduleSerializer,
)
from orders.actors import Actor
from orders.api import ORDER_ID
from orders.api_conflicts import CONFLICT, NOBODY, UNKNOWN, WRONG, as_problems
from orders.models import Order, Priority
from orders.rights import ERASE, REFUND, REVIEW, missing
from orders.serializers import OrderStatusSerializer
from orders.states import OrderStatus

FORBIDDEN = OpenApiResponse(description="Not staff, or without the right to do this.")
RESPONSES = {200: OrderStatusSerializer, 400: WRONG, 401: NOBODY, 403: FORBIDDEN, 404: UNKNOWN, 409: CONFLICT}


class MayDecide(BasePermission):
    def has_permission(self, request: Request, view) -> bool:
        if not request.user.is_staff:
            self.message = "This is for staff."
            return False
        self.message = missing(view.permission)
        return request.user.has_perm(view.permission)


class StaffAction(APIView):
    """POST that takes `serializer`'s fields to `act`; answers the order's status."""

    permission_classes = [MayDecide]
    permission = REVIEW
    sends_money_back = False
    throttle_scope = "write"
    serializer: type[Serializer]

    def act(self, order: Order, staff, **asked) -> None:
        raise NotImplementedError

    def post(self, request: Request, order_id: str) -> Response:
        order = selectors.order_by_text(order_id)
        if order is None:
            raise NotFound
        if self.sends_money_back:
            check_money(request.user, order)
        asked = self.serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        with as_problems(order.pk, for_staff=True, notes="note"):
            self.act(order, request.user, **asked.validated_data)
        return Response(selectors.status_payload(selectors.order_by_id(order.pk)))


def _documented(summary: str, body: type[Serializer]) -> Callable:
    def decorate(view):
        view.serializer = body
        return extend_schema(summary=summary, parameters=[ORDER_ID], request=body, responses=RESPONSES)(view)

    return decorate


@_documented("Say that you read it; with `takeOver` also when somebody else has said so", ClaimSerializer)
class Claim(StaffAction):
    def act(self, order: Order, staff, *, take_over) -> None:
        reviews.claim(order_id=order.pk, staff=staff, take_over=take_over)


@_documented("Let others read it", NothingSerializer)
class Unclaim(StaffAction):
    def act(self, order: Order, staff) -> None:
        reviews.unclaim(order_id=order.pk, staff=staff)


@_documented("Approve a version: publish it now, or at `publishAt`", ApproveSerializer)
class Approve(StaffAction):
    def act(self, order: Order, staff, *, version_id, publish_at, note) -> None:
        decisions.approve(order_id=order.pk, version_id=version_id, staff=staff, publish_at=publish_at, note=note)


@_documented("Back to the customer, who reads the note", NoteSerializer)
class Reject(StaffAction):
    def act(self, order: Order, staff, *, note) -> None:
        decisions.reject(order_id=order.pk, note=note, staff=staff)


@_documented("Back to the writer; the customer's revisions stay as they are", NoteSerializer)
class Rework(StaffAction):
    def act(self, order: Order, staff, *, note) -> None:
        revisions.rework(order_id=order.pk, note=note, staff=staff)


@_documented("Give the order up: what was paid goes back, and the customer reads the note", NoteSerializer)
class FailFinally(StaffAction):
    sends_money_back = True

    def act(self, order: Order, staff, *, note) -> None:
        decisions.fail_finally(order_id=order.pk, note=note, staff=staff)


@_documented("Cancel the order: what was paid goes back", CancelSerializer)
class CancelByStaff(StaffAction):
    sends_money_back = True

    def act(self, order: Order, staff, *, note) -> None:
        cancelling.cancel(order_id=order.pk, actor=Actor("staff", str(staff.pk)), note=note)


@_documented("Publish a scheduled version now", NothingSerializer)
class Publish(StaffAction):
    def act(self, order: Order, staff) -> None:
        scheduling.publish_now(order_id=order.pk, actor=Actor("staff", str(staff.pk)))


@_documented("Take the published article from readers; the note says why", NoteSerializer)
class Unpublish(StaffAction):
    def act(self, order: Order, staff, *, note) -> None:
        publishing.take_from_readers(order_id=order.pk, staff=staff, note=note)


@_documented("Write a failed order again", RequeueSerializer)
class Requeue(StaffAction):
    def act(self, order: Order, staff, *, model) -> None:
        requeueing.requeue(order_id=order.pk, staff=staff, model=model)


@_documented("Send back what was paid, or part of it", RefundOrderSerializer)
class Refund(StaffAction):
    permission = REFUND

    def act(self, order: Order, staff, *, amount, note) -> None:
        refunding.refund(order_id=order.pk, staff=staff, amount=amount, note=note)


@_documented("Another place in line", OrderPrioritySerializer)
class ChangePriority(StaffAction):
    def act(self, order: Order, staff, *, priority) -> None:
        priorities.change_priority(order_id=order.pk, priority=Priority(priority), staff=staff)


@_documented("Approve for later, put off, or (`publishAt: null`) back into review", ScheduleSerializer)
class Schedule(StaffAction):
    def act(self, order: Order, staff, *, publish_at, version_id) -> None:
        if publish_at is None:
            scheduling.unschedule(order_id=order.pk, staff=staff)
        elif order.status == OrderStatus.SCHEDULED:
            scheduling.reschedule(order_id=order.pk, publish_at=publish_at, staff=staff)
        elif version_id is None:
            raise serializers.ValidationError({"versionId": ["Say which version you have read."]})
        else:
            decisions.approve(order_id=order.pk, version_id=version_id, staff=staff, publish_at=publish_at)


@_documented("Erase the customer's data of an order that is over; for ever", NothingSerializer)
class Erase(StaffAction):
    permission = ERASE

    def act(self, order: Order, staff) -> None:
        erasing.erase_order(order_id=order.pk, actor=Actor("staff", str(staff.pk)))


ACTIONS: dict[str, type[StaffAction]] = {
    "claim": Claim,
    "unclaim": Unclaim,
    "approve": Approve,
    "reject": Reject,
    "rework": Rework,
    "fail-finally": FailFinally,
    "cancel": CancelByStaff,
    "publish": Publish,
    "unpublish": Unpublish,
    "requeue": Requeue,
    "refund": Refund,
    "priority": ChangePriority,
    "schedule": Schedule,
    "erase": Erase,
}
