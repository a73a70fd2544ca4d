import datetime
import logging
import socket

import pytest
from django.core import mail
from django.utils import timezone

from queues import leases, reports
from queues.models import Duty
from queues.services import enqueue
from tests.factories import make_worker
from tests.processes import wait_until
from tests.queues.ended import dead_letter, ended_job
from tests.queues.test_prune import together

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture(autouse=True)
def staff_mail(settings):
    settings.ALERT_EMAILS = ["ops@example.com"]
    settings.PUBLIC_URL = "https://desk.example"


@pytest.fixture
def log(caplog):
    caplog.set_level(logging.INFO, "queues.reports")
    return caplog


def test_queues_with_work_or_failures_have_a_line_and_others_none(log):
    enqueue("engine.limited", args={"name": "a"})
    enqueue("engine.limited", args={"name": "b"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    dead_letter(queue="blog")
    ended_job(queue="stories")
    reports.log_queues()
    assert log.messages == [
        "Queue commentary: 1 waiting, 1 delayed, 0 active, 0 failed, oldest waits 0 s",
        "Queue blog: 0 waiting, 0 delayed, 0 active, 1 failed, oldest waits 0 s",
    ]


def test_one_process_reports_for_all(log):
    enqueue("engine.write", args={"name": "a"})
    reports.report()
    reports.report()
    assert len(log.messages) == 1
    Duty.objects.update(until=timezone.now())
    reports.report()
    assert len(log.messages) == 2


def test_a_worker_logs_its_own_memory(log):
    worker = make_worker(name=leases.identity("one@here"))
    worker.rss, worker.busy = 123_400_000, 7
    worker.save()
    make_worker(name="another")
    reports.log_memory("one@here")
    assert log.messages == ["Worker one@here: 123 MB, 7 of 100 slots busy"]


def test_staff_hear_of_new_dead_letters_in_one_mail():
    dead_letter()
    dead_letter()
    dead_letter("bad answer", error_kind="invalid")
    reports.report()
    (sent,) = mail.outbox
    assert sent.to == ["ops@example.com"]
    assert "2 x engine.write: rate_limit: busy\n1 x engine.write: invalid: bad answer\n" in sent.body
    assert "https://desk.example/admin/queues/job/dead-letters/" in sent.body


def test_one_cause_is_told_at_most_once_an_hour():
    dead_letter()
    reports.mail_dead_letters()
    dead_letter()
    reports.mail_dead_letters()
    assert len(mail.outbox) == 1
    dead_letter("another cause")
    reports.mail_dead_letters()
    assert "busy" not in mail.outbox[1].body
    Duty.objects.update(until=timezone.now())
    reports.mail_dead_letters()
    assert len(mail.outbox) == 3


def test_what_failed_long_ago_is_no_news():
    dead_letter(hours_ago=1.1)
    reports.mail_dead_letters()
    assert mail.outbox == []


def test_without_an_address_nobody_is_told(settings):
    settings.ALERT_EMAILS = []
    dead_letter()
    reports.report()
    assert mail.outbox == [] and Duty.objects.get().name == "report"


def test_a_mail_server_that_is_away_is_tried_again(settings, caplog):
    dead_letter()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        settings.EMAIL_HOST, settings.EMAIL_PORT = closed.getsockname()
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    reports.mail_dead_letters()
    assert "Alert not sent, tried again soon: ConnectionRefusedError" in caplog.text
    settings.EMAIL_BACKEND = working
    reports.mail_dead_letters()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail():
    dead_letter()
    together(*[reports.mail_dead_letters] * 4)
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_a_duty_is_taken_by_one_of_many():
    hour = datetime.timedelta(hours=1)
    assert sum(together(*[lambda: Duty.take("sweep", hour)] * 6)) == 1
    Duty.objects.update(until=timezone.now())
    assert sum(together(*[lambda: Duty.take("sweep", hour)] * 6)) == 1


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_logs_the_queues(start_worker):
    enqueue("engine.write", args={"name": "a"}, run_at=timezone.now() + datetime.timedelta(hours=1))
    worker = start_worker()
    wait_until(lambda: "Queue default: 0 waiting, 1 delayed, 0 active, 0 failed" in worker.output())
