"""Everything that staff can do with an order, in the order of its buttons."""

from orders.admin.actions import customer, decisions, money, publication, work
from orders.admin.actions.base import StaffAction

ACTIONS: dict[str, StaffAction] = {
    action.name: action
    for action in [
        *decisions.ACTIONS,
        *publication.ACTIONS,
        *work.ACTIONS,
        *money.ACTIONS,
        *customer.ACTIONS,
    ]
}
