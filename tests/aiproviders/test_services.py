import dataclasses
import threading
import uuid
from decimal import Decimal
from importlib.metadata import version

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from aiproviders import keys, registry, shared
from aiproviders.errors import ProviderError
from aiproviders.models import AICall, AISettings, Budget
from aiproviders.models.budgets import PER_DOLLAR
from aiproviders.services import check_keys, complete, first_choice
from tests.aiproviders.conftest import PROMPT
from tests.processes import wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_an_answer_leaves_a_row_with_everything_but_the_text(openai, django_user_model):
    user, job = django_user_model.objects.create_user("ada"), uuid.uuid4()

    completion = complete(PROMPT, user=user, model="openai/gpt-6-luna", job_id=job, purpose="order.section")

    row = AICall.objects.get()
    assert (row.provider, row.model_asked, row.model_answered) == ("openai", "gpt-6-luna", "gpt-6-luna")
    assert (row.user, row.job_id, row.purpose, row.outcome) == (user, job, "order.section", "ok")
    used = completion.usage
    assert (row.input_tokens, row.cached_tokens, row.output_tokens) == (
        used.input_tokens,
        used.cached_tokens,
        used.output_tokens,
    )
    assert row.cost == completion.cost > 0
    assert row.prices_version == version("genai-prices")


def test_a_failure_leaves_a_row_and_is_raised(openai):
    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model="openai/status-429", purpose="order.section")

    row = AICall.objects.get()
    assert (row.outcome, row.http_status, row.purpose) == ("rate_limit", 429, "order.section")
    assert (row.output_tokens, row.cost) == (None, None)
    assert caught.value.__context__ is None


def test_a_model_without_a_known_price_has_no_cost_rather_than_none_to_pay(openai):
    assert complete(PROMPT, model="openai/unheard-of").cost is None
    assert AICall.objects.get().cost is None


def test_the_extract_writer_is_free_and_recorded_too(settings):
    settings.AI_MODEL = "extract"
    source = "The river rose by two metres on Monday night. Forty families left their homes before the water came in. "

    completion = complete(type(PROMPT)(system="", text="Sum up.", source=source * 2), demo_allowed=True)

    assert (completion.provider, completion.model, completion.cost) == ("extract", "extract/1", Decimal(0))
    assert AICall.objects.get().outcome == "ok"


def test_inside_a_transaction_it_refuses_before_anything_leaves(openai):
    with transaction.atomic(), pytest.raises(RuntimeError, match="open transaction"):
        complete(PROMPT, model="openai/ok")

    assert not openai.requests
    assert not AICall.objects.exists()


def test_an_unknown_provider_is_named_and_nothing_leaves(openai):
    with pytest.raises(ProviderError, match="'closedai'.*openai, anthropic") as caught:
        complete(PROMPT, model="closedai/x")

    assert caught.value.kind == "not_found"
    assert not openai.requests and not AICall.objects.exists()


def test_a_call_that_succeeds_costs_one_statement_and_one_question_to_redis(openai, monkeypatch):
    complete(PROMPT, model="openai/ok")
    questions, ask = [], shared.ask
    monkeypatch.setattr(shared, "ask", lambda question, **rest: questions.append(question) or ask(question, **rest))
    with CaptureQueriesContext(connection) as statements:
        complete(PROMPT, model="openai/ok")
    assert [statement["sql"].split()[0] for statement in statements] == ["INSERT"]
    assert len(questions) == 1


def test_the_users_key_and_choice_and_limit_cost_a_few_statements_more(openai, settings, django_user_model):
    ada = django_user_model.objects.create_user("ada")
    AISettings.objects.create(user=ada, preferred_model="openai/ok", daily_limit=5)
    keys.save("openai", "sk-adas-own-key", user=ada)
    complete(PROMPT, user=ada)
    with CaptureQueriesContext(connection) as statements:
        complete(PROMPT, user=ada)
    words = [statement["sql"].split()[0] for statement in statements]
    assert words == ["SELECT", "SELECT", "SELECT", "UPDATE", "INSERT", "UPDATE"]
    assert [request["key"] for request in openai.requests] == ["sk-adas-own-key"] * 2
    assert set(AICall.objects.values_list("user", "key_scope", "link")) == {(ada.pk, "user", 1)}


@pytest.mark.parametrize("limit", [None, 5])
def test_no_database_connection_is_held_while_the_model_thinks(openai, settings, django_user_model, limit):
    settings.AI_DAILY_LIMIT = limit and Decimal(limit)
    ada = django_user_model.objects.create_user("ada")
    AISettings.objects.create(user=ada, daily_limit=limit)
    held, done = [], []

    def work():
        connections["default"].ensure_connection()
        held.append(connections["default"])
        done.append(complete(PROMPT, model="openai/held", user=ada))
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: openai.requests)
    during = held[0].connection
    openai.release()
    thread.join()

    assert during is None
    assert done[0].text


def test_what_a_call_has_cost_is_taken_from_both_budgets(openai, settings, django_user_model):
    settings.AI_DAILY_LIMIT = Decimal(50)
    ada = django_user_model.objects.create_user("ada")
    AISettings.objects.create(user=ada, daily_limit=1)

    paid = sum(complete(PROMPT, user=ada, model="openai/gpt-6-luna").cost for _ in range(3)) * PER_DOLLAR
    keys.save("openai", "sk-adas-own-key", user=ada)
    own = complete(PROMPT, user=ada, model="openai/gpt-6-luna").cost * PER_DOLLAR

    spent = dict(Budget.objects.values_list("owner", "spent"))
    assert spent == {"house": paid, f"user:{ada.pk}": paid + own}
    assert set(Budget.objects.values_list("reserved", flat=True)) == {0}


def test_a_server_without_a_key_needs_no_budget(fake, settings, monkeypatch):
    settings.AI_DAILY_LIMIT = Decimal(0)
    ours = dataclasses.replace(registry.PROVIDERS["local"], address=fake.url, url="", key="", free=False)
    monkeypatch.setitem(registry.PROVIDERS, "ours", ours)

    assert complete(PROMPT, model="ours/ok").cost is None
    assert AICall.objects.get().key_scope == "none"


def test_a_used_up_budget_of_a_user_stops_only_that_user(openai, django_user_model):
    ada, bob = (django_user_model.objects.create_user(name) for name in ("ada", "bob"))
    AISettings.objects.create(user=ada, daily_limit=0)
    AISettings.objects.create(user=bob)

    with pytest.raises(ProviderError, match="the user's daily budget of .0.00") as caught:
        complete(PROMPT, user=ada, model="openai/gpt-6-luna")

    assert (caught.value.kind, caught.value.permanent) == ("budget", True)
    assert not openai.requests
    assert complete(PROMPT, user=bob, model="openai/gpt-6-luna").text
    assert complete(PROMPT, model="openai/gpt-6-luna").text


def test_the_deadline_of_the_settings_holds_when_none_is_given(openai, settings):
    settings.AI_DEADLINE_SECONDS = 0.2

    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model="openai/drip")

    assert caught.value.kind == AICall.objects.get().outcome == "timeout"


def test_a_key_for_any_model_of_the_chain_is_enough(settings, django_user_model):
    user = django_user_model.objects.create_user("ada")
    with pytest.raises(ProviderError, match="no API key") as caught:
        check_keys(user=user, model="openai/gpt-6-luna")
    assert (caught.value.kind, caught.value.provider, caught.value.permanent) == ("no_key", "openai", True)
    settings.AI_FALLBACKS = ["anthropic/claude-haiku-5-5"]
    keys.save("anthropic", "sk-of-ada-1234", user=user)
    check_keys(user=user, model="openai/gpt-6-luna")
    check_keys(user=user, model="extract/1")
    assert not AICall.objects.exists()


def test_the_first_choice_is_whom_complete_asks_first(openai, settings, django_user_model):
    settings.AI_MODEL = "openai/house"
    ada = django_user_model.objects.create_user("ada")
    assert str(first_choice(user=ada)) == str(first_choice()) == "openai/house"
    AISettings.objects.create(user=ada, preferred_model="openai/hers")
    assert str(first_choice(user=ada)) == "openai/hers"
    assert str(first_choice(user=ada, model="openai/asked")) == "openai/asked"
    settings.AI_MODEL = "extract/1"
    assert first_choice().is_demo
    assert openai.requests == []
