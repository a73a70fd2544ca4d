"""Everything that staff can do with an order, in the order of its buttons."""

from orders.admin.actions import customer, decisions, money, publication, work
from orders.admin.actions.base import StaffAction

GROUPS: dict[str, list[StaffAction]] = {
    "Text": [*decisions.ACTIONS, *publication.ACTIONS],
    "Order": work.ACTIONS,
    "Money": money.ACTIONS,
    "Customer": customer.ACTIONS,
}
ACTIONS: dict[str, StaffAction] = {action.name: action for group in GROUPS.values() for action in group}
