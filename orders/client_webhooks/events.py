"""Which audit rows clients are told about, and what is said. Nothing personal: who wants more asks the API."""

import json
from collections import defaultdict

from orders.models import OrderEvent, WebhookDelivery, WebhookEndpoint
from queues.models import Job
from queues.services import enqueue_many

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


def fan_out(*events: OrderEvent) -> None:
    """One delivery to each endpoint of the client that ordered, in the transaction of the audit rows."""
    told = [event for event in events if event.action in TYPES and event.order.owner_id is not None]
    if not told:
        return
    owners = {event.order.owner_id for event in told}
    endpoints = defaultdict(list)
    for endpoint in WebhookEndpoint.objects.filter(owner__in=owners, disabled_at=None).select_related("owner"):
        endpoints[endpoint.owner].append(endpoint)
    for owner, theirs in endpoints.items():
        ours = [event for event in told if event.order.owner_id == owner.pk]
        rows = [WebhookDelivery(endpoint=to, event=event, type=TYPES[event.action]) for event in ours for to in theirs]
        ask_to_deliver(*WebhookDelivery.objects.bulk_create(rows))


def ask_to_deliver(*deliveries: WebhookDelivery) -> list[Job]:
    """Asks for the jobs that send them, all to one client; while one is open, for no second one."""
    args, keys = [{"delivery_id": str(each.pk)} for each in deliveries], [job_key(each.pk) for each in deliveries]
    subjects = [each.endpoint for each in deliveries]
    return enqueue_many("orders.deliver_webhook", args, dedupe_keys=keys, subjects=subjects, owner=subjects[0].owner)


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
