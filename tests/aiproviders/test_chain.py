"""The policy row by row, against a server that misbehaves."""

import pickle
import socket
from decimal import Decimal

import pytest

from aiproviders import benches, chain, checks, keys, shared
from aiproviders.errors import ProviderError
from aiproviders.models import AICall, AISettings, Budget, LanguageModel
from aiproviders.models.budgets import PER_DOLLAR
from aiproviders.policy import RULES, Next
from aiproviders.services import complete
from tests.aiproviders.conftest import KEY, PROMPT

pytestmark = pytest.mark.django_db(transaction=True)
FAULT = {
    "rate_limit": "status-429",
    "overloaded": "status-503",
    "timeout": "status-408",
    "server": "status-500",
    "connection": "reset",
    "malformed": "html",
    "auth": "status-401",
    "quota": "quota",
    "not_found": "status-404",
    "too_large": "status-413",
    "content_filter": "content-filter",
    "refusal": "refusal",
    "empty": "empty-text",
    "truncated": "finish-length",
    "bad_request": "status-400",
}


@pytest.fixture
def other(settings, openai):
    """A second provider, with a key of its own, at the same server."""
    settings.LOCAL_LLM_URL, settings.LOCAL_LLM_KEY = openai.url, "sk-other-provider"
    settings.LOCAL_MODEL_PATH = "/models/somebodys-own.gguf"  # so it is no demo
    return "local/ok"


def asked(fake) -> list[str]:
    return [request["model"] for request in fake.requests]


def failure(model: str, **options) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        complete(PROMPT, model=model, **options)
    assert caught.value.__context__ is None
    return caught.value


def outcomes() -> list[tuple[str, int]]:
    return list(AICall.objects.order_by("pk").values_list("outcome", "link"))


@pytest.mark.parametrize("kind", [kind for kind in FAULT if RULES[kind].next == Next.YES])
def test_another_model_writes_at_once(openai, other, kind):
    completion = complete(PROMPT, model=f"openai/{FAULT[kind]}", fallbacks=[other])
    assert completion.provider == "local"
    times = 2 if RULES[kind].again else 1
    assert asked(openai) == [FAULT[kind]] * times + ["ok"]
    assert outcomes() == [(kind, 1)] * times + [("ok", 2)]


@pytest.mark.parametrize("kind", [kind for kind in FAULT if RULES[kind].next != Next.YES])
def test_no_other_model_is_asked(openai, other, kind):
    assert failure(f"openai/{FAULT[kind]}", fallbacks=[other]).kind == kind
    assert asked(openai) == [FAULT[kind]]


@pytest.mark.parametrize("kind", FAULT)
def test_the_end_of_the_chain_says_whether_the_queue_should_try_again(openai, kind):
    error = failure(f"openai/{FAULT[kind]}")
    assert (error.kind, error.provider, error.permanent) == (kind, "openai", not RULES[kind].later)
    assert error.counts
    assert (error.retry_after is None) == (kind not in ("rate_limit", "overloaded", "quota"))


def test_a_missing_key_leads_to_the_next_model(openai, other, settings):
    settings.OPENAI_API_KEY = ""
    assert complete(PROMPT, model="openai/ok", fallbacks=[other]).provider == "local"
    assert outcomes() == [("no_key", 1), ("ok", 2)]
    assert [request["key"] for request in openai.requests] == ["sk-other-provider"]


@pytest.mark.parametrize("kind", ["refusal", "content_filter"])
def test_a_refusal_goes_on_where_the_house_allows_it(openai, other, settings, kind):
    settings.AI_FALLBACK_AFTER_REFUSAL = True
    assert complete(PROMPT, model=f"openai/{FAULT[kind]}", fallbacks=[other]).provider == "local"


@pytest.mark.parametrize(
    ("own", "others", "goes_on"), [(4096, 128_000, True), (128_000, 4096, False), (1, None, False)]
)
def test_a_text_that_is_too_long_goes_only_to_a_larger_model(openai, other, own, others, goes_on):
    for name, size in (("openai/too-long", own), (other, others)):
        provider, _, model = name.partition("/")
        LanguageModel.objects.create(provider=provider, model=model, label=model, context_tokens=size)
    if goes_on:
        assert complete(PROMPT, model="openai/too-long", fallbacks=[other]).provider == "local"
    else:
        assert failure("openai/too-long", fallbacks=[other]).kind == "too_large"
    assert len(openai.requests) == 1 + goes_on


def test_after_a_missing_model_a_text_too_long_still_needs_a_larger_one(openai, other):
    error = failure("openai/status-404", fallbacks=["openai/too-long", other])
    assert asked(openai) == ["status-404", "too-long"]
    assert (error.kind, error.permanent) == ("not_found", True)


@pytest.mark.parametrize("kind", ["truncated", "empty"])
def test_a_cut_off_or_empty_text_is_asked_for_once_more_with_twice_the_room(openai, kind):
    completion = complete(PROMPT, model=f"openai/fail-1-times-{FAULT[kind]}", max_tokens=300)
    assert completion.text
    assert [request["body"]["max_completion_tokens"] for request in openai.requests] == [300, 600]
    assert outcomes() == [(kind, 1), ("ok", 1)]


def test_the_demo_model_gets_no_second_room(openai, settings):
    settings.LOCAL_LLM_URL = openai.url
    assert failure("local/finish-length", demo_allowed=True).kind == "truncated"
    assert len(openai.requests) == 1


def test_there_are_at_most_four_requests(openai):
    error = failure(
        "openai/status-500", fallbacks=[f"openai/{fault}" for fault in ("status-502", "finish-length", "ok")]
    )
    assert asked(openai) == ["status-500", "status-502", "finish-length", "finish-length"]
    assert len(openai.requests) == chain.MOST_ATTEMPTS
    assert (error.kind, error.permanent) == ("server", False)


def test_the_error_names_the_whole_chain(openai, other):
    error = failure("openai/status-429", fallbacks=["openai/status-404", "local/status-500"])
    assert error.kind == "server" and error.retry_after is None
    assert "openai/status-429 (rate_limit), openai/status-404 (not_found)" in error.message


def test_a_busy_model_rests_as_long_as_it_said_and_nobody_asks_it_meanwhile(openai, other):
    assert complete(PROMPT, model="openai/retry-after-86400", fallbacks=[other]).provider == "local"
    assert complete(PROMPT, model="openai/retry-after-86400", fallbacks=[other]).provider == "local"
    assert asked(openai) == ["retry-after-86400", "ok", "ok"]


def test_when_all_rest_the_shortest_wait_is_told_and_no_try_is_used_up(openai):
    models = ["openai/retry-after-86400", "openai/retry-after-30"]
    first = failure(models[0], fallbacks=models[1:])
    assert (first.kind, first.counts) == ("rate_limit", True)
    again = failure(models[0], fallbacks=models[1:])
    assert (again.kind, again.counts, again.permanent) == ("rate_limit", False, False)
    assert 28 < again.retry_after <= 33
    assert len(openai.requests) == 2 and AICall.objects.count() == 2


def test_a_model_that_can_be_asked_again_at_once_needs_no_wait(openai):
    assert failure("openai/retry-after-60", fallbacks=["openai/status-500"]).retry_after is None


def test_a_server_that_stumbles_three_times_rests(openai, other):
    for _ in range(4):
        complete(PROMPT, model="openai/status-500", fallbacks=[other])
    assert asked(openai).count("status-500") == 3
    assert failure("openai/status-500").retry_after > 25


def test_a_refused_key_rests_with_all_its_models_until_it_is_saved_again(openai, other):
    assert failure("openai/status-401").permanent
    assert "save it again" in failure("openai/gpt-6-luna").message
    assert complete(PROMPT, model="openai/ok", fallbacks=[other]).provider == "local"
    assert asked(openai) == ["status-401", "ok"]
    benches.lift(keys.resolve("openai").fingerprint)
    assert complete(PROMPT, model="openai/ok").provider == "openai"


def test_an_empty_account_waits_and_a_refused_key_does_not(openai):
    assert not failure("openai/quota").permanent
    waiting = failure("openai/ok")
    assert (waiting.kind, waiting.permanent, waiting.counts) == ("quota", False, False)
    assert 890 < waiting.retry_after <= 960


def test_another_key_does_not_suffer(openai, settings):
    failure("openai/status-401")
    settings.OPENAI_API_KEY = "sk-a-better-one"
    assert complete(PROMPT, model="openai/ok").text


def test_a_rate_limit_sends_on_to_the_next_model_and_then_to_the_queue(openai, other, settings):
    settings.AI_RATE_LIMITS = {"openai": (2, 0)}
    assert [complete(PROMPT, model="openai/ok", fallbacks=[other]).provider for _ in range(3)] == [
        "openai", "openai", "local",
    ]  # fmt: skip
    error = failure("openai/ok", fallbacks=[])
    assert (error.kind, error.counts) == ("rate_limit", False)
    assert 50 < error.retry_after <= 66


def test_what_a_call_did_not_use_of_its_tokens_is_given_back(openai, settings):
    settings.AI_RATE_LIMITS = {"openai": (0, 3000)}
    for _ in range(5):
        complete(PROMPT, model="openai/ok", max_tokens=2000)
    failure("openai/drip", max_tokens=2000, deadline=0.2)  # nobody knows what it used
    assert failure("openai/ok", max_tokens=2000).kind == "rate_limit"


def test_who_has_no_budget_takes_nothing_from_the_limit_of_a_shared_key(openai, settings, django_user_model):
    settings.AI_RATE_LIMITS = {"openai": (1, 0)}
    ada = django_user_model.objects.create_user("ada")
    AISettings.objects.create(user=ada, daily_limit=0)
    for _ in range(3):
        assert failure("openai/gpt-6-luna", user=ada).kind == "budget"
    assert complete(PROMPT, model="openai/gpt-6-luna").text


def test_a_call_that_a_limit_holds_back_sets_nothing_aside(openai, settings):
    settings.AI_RATE_LIMITS, settings.AI_DAILY_LIMIT = {"openai": (1, 0)}, Decimal(1)
    paid = complete(PROMPT, model="openai/gpt-6-luna").cost * PER_DOLLAR
    assert failure("openai/gpt-6-luna").kind == "rate_limit"
    assert list(Budget.objects.values_list("spent", "reserved")) == [(paid, 0)]


def test_a_used_up_house_budget_stops_before_anything_leaves(openai, other, settings):
    settings.AI_DAILY_LIMIT = Decimal(0)
    error = failure("openai/gpt-6-luna", fallbacks=[other])
    assert (error.kind, error.permanent, error.retry_after) == ("budget", True, None)
    assert not openai.requests and not AICall.objects.exists()


def test_a_budget_that_runs_out_on_the_way_never_goes_on(openai, settings):
    settings.AI_DAILY_LIMIT = Decimal(1)  # an unpriced model sets half a dollar aside and a timeout keeps it
    error = failure("openai/drip", max_tokens=15_000, deadline=0.2, fallbacks=["openai/unpriced", "openai/gpt-6-luna"])
    assert error.kind == "budget"
    assert asked(openai) == ["drip"]


def test_nobody_listening_leads_to_the_next_model(openai, other, settings):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.OPENAI_BASE_URL = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        assert complete(PROMPT, model="openai/ok", fallbacks=[other]).provider == "local"
    assert outcomes() == [("connection", 1), ("ok", 2)]


def test_the_error_can_be_pickled_and_holds_no_key(openai):
    error = failure("openai/echo-key-429", fallbacks=["openai/echo-key-500"])
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.kind, copied.message, copied.retry_after) == (error.kind, error.message, error.retry_after)
    assert KEY not in f"{error!r} {error} {vars(error)}"


def test_a_key_that_is_saved_or_checked_again_is_asked_again(openai, settings):
    settings.OPENAI_API_KEY = ""
    keys.save("openai", KEY)
    failure("openai/status-401")
    assert failure("openai/ok").kind == "auth"
    keys.save("openai", KEY)
    assert complete(PROMPT, model="openai/ok").text
    failure("openai/status-401")
    assert checks.check("openai").ok
    assert complete(PROMPT, model="openai/ok").text


def test_without_redis_the_chain_works_and_the_provider_says_how_long_to_wait(openai, other, monkeypatch):
    monkeypatch.setattr(shared, "ask", lambda question, otherwise: otherwise)
    assert complete(PROMPT, model="openai/status-401", fallbacks=[other]).provider == "local"
    assert complete(PROMPT, model="openai/status-401", fallbacks=[other]).provider == "local"
    assert asked(openai) == ["status-401", "ok"] * 2
    assert 7 <= failure("openai/retry-after-7").retry_after <= 8
