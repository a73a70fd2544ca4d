"""Three hundred mails, six workers, one kill -9: nothing is lost, and twice is only what was in flight."""

from collections import Counter
from email import message_from_bytes
from email.policy import default

import pytest
from django.db import transaction

from orders import links
from orders.emails import link_resend
from orders.models import Mail
from queues.models import Attempt, Job
from tests.orders import smtp_server
from tests.orders.builders import make_order
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
MAILS, PROCESSES, THREADS = 300, 2, 3
PATIENCE = 90


@pytest.fixture
def mailbox():
    mailbox = smtp_server.Mailbox()
    server = smtp_server.start(mailbox)
    mailbox.port = server.port
    yield mailbox
    mailbox.release()
    server.stop()


def test_a_killed_worker_sends_nothing_twice_but_what_it_was_sending(mailbox, start_worker):
    order = make_order()
    with transaction.atomic():
        mails = [link_resend(order, str(number)) for number in range(MAILS)]
    mailbox.hold_at = MAILS // 3
    smtp = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(mailbox.port), "EMAIL_USE_TLS": "false"}
    workers = [start_worker(f"mail{number}", WORKER_THREADS=str(THREADS), **smtp) for number in range(PROCESSES)]
    wait_until(lambda: mailbox.held, PATIENCE)
    held = message_from_bytes(mailbox.held.content, policy=default)["Message-ID"]
    holder = Attempt.objects.filter(job__args__mail_id=Mail.objects.get(message_id=held).pk).latest("number")
    victim = next(worker for worker in workers if f"{worker.name}@" in holder.worker)
    victim.kill()
    in_flight = Job.objects.filter(state="active", attempts__worker=holder.worker)
    lost = set(in_flight.values_list("args__mail_id", flat=True))
    mailbox.release()
    wait_until(lambda: not Mail.objects.exclude(status="sent").exists(), PATIENCE)

    counts = Counter(mailbox.ids())
    assert set(counts) == {mail.message_id for mail in mails}
    assert counts[held] == 2
    twice = {message_id for message_id, count in counts.items() if count > 1}
    assert twice <= set(Mail.objects.filter(pk__in=lost).values_list("message_id", flat=True))
    token = links.token_for(order.pk, order.link_version)
    assert token.encode() in mailbox.received[0].content
    assert not any(token in worker.output() for worker in workers)
    assert max(counts.values()) == 2 and len(lost) <= THREADS
