"""What the server writes down about requests that it refuses."""

import logging

import pytest
from django.conf import settings
from django.test import Client

from aiproviders.errors import ProviderError
from config.logs import NoSecrets
from content.articles.commentary import rules
from content.blog.catalogues import CatalogueError
from content.recommendations.method.errors import NothingUsable
from content.stories.errors import InvalidAnswer
from orders.payments.base import ProviderAway
from queues.errors import Fail, TimedOut
from queues.kinds import find
from queues.services import enqueue
from tests.factories import dispatched

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/keys/sk-canary-0123456789/check", "/nothing/sk-canary-0123456789"])
def test_a_key_in_an_address_that_is_not_found_is_not_written_down(path, caplog):
    caplog.handler.addFilter(NoSecrets())
    Client().get(path)
    assert "Not Found: " in caplog.text and "canary" not in caplog.text


def test_a_key_as_a_host_is_not_written_down(caplog):
    caplog.handler.addFilter(NoSecrets())
    Client().get("/", headers={"Host": "sk-canary-0123456789.example"})
    assert "Invalid HTTP_HOST header" in caplog.text and "canary" not in caplog.text


def test_a_key_in_a_refused_query_is_not_written_down(admin_client, caplog):
    caplog.handler.addFilter(NoSecrets())
    path = "/admin/autocomplete/?term=a&app_label=config&field_name=user&model_name=sk-canary-0123456789"
    assert admin_client.get(path).status_code == 403
    assert "Forbidden" in caplog.text and "canary" not in caplog.text and "Traceback" not in caplog.text


def test_what_somebody_made_up_ends_no_line_of_the_log_and_fills_no_page_of_it(admin_client, caplog):
    caplog.handler.addFilter(NoSecrets())
    for name in ("%0D%0A16:00:00%20ERROR%20forged%1b[2J%E2%80%AE", "x" * 5000):
        admin_client.get(f"/admin/auth/group/?_to_field={name}")
    forged, long = (line for line in caplog.text.splitlines() if "The field" in line)
    assert r"The field \r\n16:00:00 ERROR forged\x1b[2J\u202e cannot" in forged and len(long) < 1200


def test_every_line_of_the_server_goes_through_this_filter():
    (handler,) = settings.LOGGING["handlers"].values()
    assert "no_secrets" in handler["filters"]
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]


def test_numbers_and_objects_in_a_line_stay():
    record = logging.LogRecord("django.request", 30, "", 0, "%s %d", ("/x", 404), None)
    assert NoSecrets().filter(record) and record.getMessage() == "/x 404"


def test_the_access_log_of_the_development_server_goes_through_it_as_well(caplog):
    caplog.handler.addFilter(NoSecrets())
    caplog.set_level(logging.INFO)
    server = logging.getLogger("django.server")
    server.info('"%s" %s %s', "GET /order-status/x?t=ol_canaryCanarycanary_canary1234567890 HTTP/1.1", "302", "0")
    assert server.handlers == [] and "GET /order-status/x?t=" in caplog.text
    assert "canary" not in caplog.text


def test_servers_of_customers_pages_write_no_addresses_down():
    lines = (settings.BASE_DIR / "Procfile").read_text().splitlines()
    assert all("--no-access-log" in line for line in lines if "granian" in line)


ENDS = [
    (ProviderError("no_key", "There is no key."), False),
    (InvalidAnswer("hypeScore", "is not a number"), False),
    (Fail("Refused for good."), False),
    (TimedOut("Too long."), False),
    (CatalogueError("server", "TMDB answered 500."), False),
    (rules.Unusable("The answer was not usable."), False),
    (NothingUsable("There are no usable prices."), False),
    (ProviderAway("Stripe did not answer."), False),
    (ValueError("broken"), True),
    (KeyError("kind"), True),
]


@pytest.mark.parametrize(("error", "is_a_fault"), ENDS, ids=[type(end).__name__ for end, _ in ENDS])
def test_an_end_with_a_name_is_one_line_and_a_fault_of_the_code_a_traceback(error, is_a_fault, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    attempt = dispatched(enqueue("engine.write", args={"name": "a"}))
    task = find("engine.write")

    def end(job, **args):
        raise error

    monkeypatch.setattr(task, "function", end)
    task.apply(task_id=str(attempt.pk), kwargs=attempt.job.args)
    (line,) = (line for line in caplog.records if line.name == "celery.app.trace")
    assert (line.levelname, bool(line.exc_info)) == (("ERROR", True) if is_a_fault else ("INFO", False))
    assert str(error.args[-1]) in line.getMessage()
