"""An order's place in line."""

import uuid

from orders import jobs
from orders.actors import Actor
from orders.models import Order, Priority
from orders.states import STEADY
from orders.transitions import Conflict, record
from queues import control
from queues.models import Job


def change_priority(*, order_id: uuid.UUID, priority: Priority, staff) -> Order:
    """Another priority for the order, and for its job if that has not started; no other job. Raises Conflict."""

    def act(order: Order, job: Job | None) -> Order:
        if order.status not in STEADY["change_priority"]:
            raise Conflict("change_priority", order.status)
        told = {"from": order.priority, "to": str(priority)}
        order.priority = priority
        order.save(update_fields=["priority", "updated_at"])
        if job and control.change_priority(job, jobs.priority_of(order, job.kind)):
            told["job"] = str(job.pk)
        record(order, "change_priority", actor=Actor("staff", str(staff.pk)), data=told)
        return order

    return jobs.with_job(order_id, act)
