"""Schemathesis makes up requests from schema.yml and asks the real WSGI application; bounded, and repeatable.

CONFORMANCE_EXAMPLES=500 looks longer.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as bounds
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance  # a cursor or an id may be well made and unknown

from config.wsgi import application
from orders.client_webhooks.signing import add_secret
from orders.models import WebhookEndpoint
from queues import clock
from queues.models import Dispatcher
from queues.services import enqueue
from tests.config.api.clients import client_of, user_of
from tests.content.articles.reader import make_article
from tests.content.recommendations.builders import answered
from tests.content.stories.builders import make_story
from tests.factories import make_worker
from tests.orders.builders import make_paid_order, make_product
from tests.orders.stages import written

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("CONFORMANCE_EXAMPLES", "10"))
SCHEMA = schemathesis.openapi.from_path(Path(__file__).resolve().parents[3] / "schema.yml")
SCHEMA.app = application
OPERATIONS = {found.ok().label: found.ok() for found in SCHEMA.get_all_operations()}


@pytest.fixture(autouse=True)
def one_connection():
    """The application gives its connection back after each request; here that would end the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker) -> Iterator[dict[str, str]]:
    """Made once: inside this transaction each test has a savepoint, and goes back to it at its end."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(AI_MODEL="openai/ok"):
        make_product()
        story = make_story()
        stories = {"story_id": str(story.pk), "job_id": f"story-enhancement-{story.pk}"}
        ids = {"id": str(enqueue("engine.write", args={"name": "a"}).pk), "order_id": str(written().pk)}
        ids |= {"article_id": str(make_article().pk), "request_id": str(answered().pk)} | webhook()
        yield stories | ids | {"name": "blog", "number": "1", "provider": "openai"}
        transaction.set_rollback(True)


@pytest.fixture
def known(rows, settings) -> dict[str, str]:
    """Parts of addresses behind which there is something."""
    settings.API_LIMITS = dict.fromkeys(settings.API_LIMITS, 0)
    settings.AI_MODEL = "openai/ok"  # all is well, so no check of it answers 503
    make_worker(), Dispatcher.objects.create(ticked_at=clock.now())
    return rows


def webhook() -> dict[str, str]:
    """An endpoint of the client that asks, with something in its log."""
    owner = user_of("ops", staff=True)
    endpoint = WebhookEndpoint.objects.create(owner=owner, url="https://example.com/hook")
    add_secret(endpoint)
    make_paid_order(owner=owner)
    return {"webhook_id": str(endpoint.pk), "delivery_id": str(endpoint.deliveries.get().pk)}


def run(
    operation, mode: GenerationMode, known: dict[str, str], *, examples: int = EXAMPLES, headers: dict | None = None
) -> None:
    @bounds(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case) -> None:
        if mode == GenerationMode.POSITIVE:
            case.path_parameters = {name: known[name] for name in case.path_parameters or {}}
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    try:
        check()
    except Unsatisfiable:
        assert mode == GenerationMode.NEGATIVE  # it takes nothing, so nothing can be wrong


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_documented(label, mode, known):
    token = client_of("ops", staff=True).defaults["HTTP_AUTHORIZATION"]
    run(OPERATIONS[label], mode, known, headers={"Authorization": token})


@pytest.mark.parametrize("label", OPERATIONS)
def test_so_is_every_answer_to_a_stranger(label, known):
    run(OPERATIONS[label], GenerationMode.POSITIVE, known, examples=2)
