"""All that is kept about an order and its customer, as one file."""

import io
import json
import zipfile

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet

from orders.models import Order, Refund

# Ours, and none of the customer's business: what staff are asked to do, ids of rows, what only machines read.
LEFT_OUT = frozenset("form_key needs_attention attention_reason html markdown sketch text dedupe_key order_id".split())


def export_order(order: Order) -> bytes:
    """A zip file: order.json with every row, the versions' texts under articles/, the mails under mails/.

    Mails are without the customer's link, which is a key.
    """
    versions, mails = list(order.versions.order_by("number")), list(order.mails.filter(to=order.email))
    content = {
        "order": _row(order) | {"product": order.product.name},
        "events": _rows(order.events.all()),
        "payments": _rows(order.payments.all()),
        "refunds": _rows(Refund.objects.filter(payment__order=order)),
        "revisions": _rows(order.revisions.all()),
        "reviews": _rows(order.reviews.all()),
        "providerEvents": _rows(order.stripe_events.all()),
        "versions": [_row(version) for version in versions],
        "mails": [_row(mail) for mail in mails],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("order.json", json.dumps(content, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False))
        for version in versions:
            archive.writestr(f"articles/version-{version.number}.md", version.markdown)
            archive.writestr(f"articles/version-{version.number}.html", version.html)
        for mail in mails:
            archive.writestr(f"mails/{mail.pk}-{mail.kind}.txt", f"Subject: {mail.subject}\n\n{mail.text}")
    return file.getvalue()


def _rows(rows: QuerySet) -> list[dict]:
    return [_row(row) for row in rows]


def _row(row: Model) -> dict:
    fields = (field.attname for field in row._meta.concrete_fields)
    return {name: getattr(row, name) for name in fields if name not in LEFT_OUT}
