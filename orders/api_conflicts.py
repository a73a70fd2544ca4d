"""What a service refuses, as the API says it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import APIException

from orders import policy
from orders.models import Order
from orders.transitions import Conflict

CONFLICT = OpenApiResponse(
    description="Not possible now: `code` says why (`wrong_status`, `version_changed`, `busy` ...), `orderStatus` is "
    "the order's state and `allowed` what can be done instead."
)
UNKNOWN = OpenApiResponse(description="No such order, or not yours.")
NOBODY = OpenApiResponse(description="No credentials.")
WRONG = OpenApiResponse(description="A field is wrong: `errors` says which. Nothing is stored.")
WIRE_NAMES = {"notes": "revisionNotes", "publish_at": "publishAt", "version_id": "versionId"}


class NotPossible(APIException):
    status_code = 409

    def __init__(self, problem: Conflict, allowed: list[str]):
        super().__init__(str(problem), code=problem.code)
        self.extra = {"orderStatus": problem.status, "allowed": [action.replace("_", "-") for action in allowed]}


@contextmanager
def as_problems(order_id: uuid.UUID, *, for_staff: bool = False, **names: str) -> Iterator[None]:
    """Turns Conflict into 409 and ValidationError into 400; `names` are fields on the wire if not the usual ones."""
    try:
        yield
    except Conflict as problem:
        order = Order.objects.get(pk=order_id)
        allowed = STAFF_ACTIONS & set(problem.allowed) if for_staff else policy.possible(order, policy.standing(order))
        raise NotPossible(problem, sorted(allowed)) from None
    except ValidationError as error:
        wire = WIRE_NAMES | names
        fields = {wire.get(field, field): messages for field, messages in error.message_dict.items()}
        raise serializers.ValidationError(fields) from None


STAFF_ACTIONS = {
    "approve",
    "cancel",
    "change_priority",
    "claim",
    "fail_finally",
    "publish",
    "reject",
    "requeue",
    "reschedule",
    "rework",
    "schedule",
    "unclaim",
    "unpublish",
    "unschedule",
}
