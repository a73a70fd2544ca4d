"""Which audit rows clients are told about, and what is said. Nothing personal: who wants more asks the API."""

import json

from orders.models import OrderEvent, WebhookDelivery, WebhookEndpoint
from queues.models import Job
from queues.services import enqueue

TYPES = {
    "payment_confirmed": "order.paid",
    "job_done": "order.ready",
    "revision_done": "order.revision_ready",
    "approve": "order.completed",
    "publish": "order.completed",
    "job_failed": "order.failed",
    "fail_finally": "order.failed",
    "refund_succeeded": "order.refunded",
}


def fan_out(event: OrderEvent) -> None:
    """One delivery to each endpoint of the client that ordered, in the transaction of the audit row."""
    owner = event.order.owner_id
    if event.action not in TYPES or owner is None:
        return
    for endpoint in WebhookEndpoint.objects.filter(owner=owner, disabled_at=None).select_related("owner"):
        delivery = WebhookDelivery.objects.create(endpoint=endpoint, event=event, type=TYPES[event.action])
        ask_to_deliver(delivery)


def ask_to_deliver(delivery: WebhookDelivery) -> Job:
    """Asks for the job that sends it; while one is open, for no second one."""
    endpoint = delivery.endpoint
    args = {"delivery_id": str(delivery.pk)}
    key = job_key(delivery.pk)
    return enqueue("orders.deliver_webhook", args=args, dedupe_key=key, subject=endpoint, owner=endpoint.owner)


def job_key(delivery_id) -> str:
    return f"webhook:{delivery_id}"


def body(delivery: WebhookDelivery) -> bytes:
    """The JSON of the event: the same bytes at every try, as all of it stands in the audit row."""
    event, order = delivery.event, delivery.event.order
    data = {"orderId": str(order.pk), "code": order.code}
    if event.to_status:
        data["status"] = event.to_status
    if order.batch:
        data["batchId"] = str(order.batch)
    if "amount" in event.data:
        data |= {"amount": event.data["amount"], "currency": order.currency}
    at = event.at.isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"type": delivery.type, "timestamp": at, "data": data}, separators=(",", ":")).encode()
