"""What a button is: who may press it, when it is there, what it asks for, and the service that it calls."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.http import HttpResponse

from orders.actors import Actor
from orders.admin.forms import OrderForm
from orders.models import Order
from orders.rights import REVIEW, may_move_money
from orders.states import allowed_actions
from orders.transitions import Conflict


@dataclass(frozen=True)
class Shown:
    """Something that staff are shown once, to copy it: no message, which would be kept in a cookie."""

    title: str
    words: str
    value: str


@dataclass(frozen=True)
class StaffAction:
    """`act(order, staff, **fields of the form)` calls the service; it returns what staff are told, or an answer of
    its own, and raises Conflict and ValidationError.

    `explains` says on the page that asks first what will happen. `offered` is for what the states do not know.
    """

    name: str
    label: str
    explains: str
    act: Callable[..., str | HttpResponse | Shown]
    form: type[forms.Form] = OrderForm
    right: str = REVIEW
    sends_money_back: bool = False
    offered: Callable[[Order], bool] | None = None
    is_open: bool = False  # the service knows no states of its own, so `offered` is asked before it is called
    look: str = "plain"  # primary, plain, danger
    taken: bool | None = None  # shown only while somebody else has claimed the review (True), or only while not (False)

    def allowed_for(self, user, order: Order) -> bool:
        return user.has_perm(self.right) and (not self.sends_money_back or may_move_money(user, order))

    def possible(self, order: Order) -> bool:
        """Whether the button is there; the service has the last word."""
        return self.offered(order) if self.offered else self.name in allowed_actions(order.status)

    def run(self, order: Order, staff, **asked) -> str | HttpResponse | Shown:
        """Raises Conflict and ValidationError."""
        if self.is_open and not self.possible(order):
            raise Conflict(self.name, order.status)
        return self.act(order, staff, **asked)


def actor_of(staff) -> Actor:
    return Actor("staff", str(staff.pk))
