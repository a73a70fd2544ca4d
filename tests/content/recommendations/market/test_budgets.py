"""A daily budget is never exceeded: not by processes that ask at once, and not by what dies and comes back."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
import redis

from aiproviders import budgets as days
from aiproviders.secret import Secret
from content.recommendations.market import budgets
from content.recommendations.market.base import MarketError
from content.recommendations.models import MarketBudget
from tests.content.recommendations.market.conftest import KEY, source
from tests.forks import Forked
from tests.own_redis import StoppableRedis
from tests.processes import wait_until
from tests.workers import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
LIMIT = 25
PROCESS = """
import django
django.setup()
from content.recommendations.market import registry
from content.recommendations.market.base import MarketError
from content.recommendations.market.service import Service
Service.seconds = 120.0
service = next(source for source in registry.sources() if source.name == "twelvedata")
refused = 0
while refused < 3:
    try:
        service.quote("AAPL")
    except MarketError as error:
        assert error.scope == "day", error
        refused += 1
"""


def start(services, folder: Path, redis_url: str, count: int = 3) -> list[Forked]:
    (folder / "asks.py").write_text(PROCESS)
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url(), "REDIS_URL": redis_url,
        "TWELVE_DATA_BASE_URL": services.url("twelvedata"), "TWELVE_DATA_API_KEY": KEY,
        "MARKET_LIMITS": f"twelvedata=0/{LIMIT}",
    }  # fmt: skip
    return [Forked((str(folder / "asks.py"),), env, folder / "asks.log") for _ in range(count)]


def ended(processes: list[Forked]) -> list[int]:
    return [process.wait(120) for process in processes]


def refusal(take) -> MarketError:
    with pytest.raises(MarketError) as caught:
        take()
    return caught.value


def used() -> list[int]:
    return list(MarketBudget.objects.values_list("used", flat=True))


@pytest.fixture
def own_redis(tmp_path):
    own = StoppableRedis(tmp_path)
    yield own
    own.kill()


def test_three_processes_at_once_send_as_many_requests_as_the_day_has(services, own_redis, tmp_path):
    assert ended(start(services, tmp_path, own_redis.server.url)) == [0, 0, 0]
    assert (len(services.asked), used()) == (LIMIT, [LIMIT])
    assert "canary" not in str(MarketBudget.objects.values().get()).lower()


def test_a_day_is_kept_while_processes_and_redis_die_and_come_back(services, settings, own_redis, tmp_path):
    services.hold_after = 8
    killed = start(services, tmp_path, own_redis.server.url)
    wait_until(lambda: len(services.asked) == 11, 120)  # each of the three waits for an answer
    for process in killed:
        process.kill()
    assert used() == [11]
    redis.Redis.from_url(own_redis.server.url).flushall()
    own_redis.kill()
    services.hold_after = 18
    without_redis = start(services, tmp_path, own_redis.server.url)
    wait_until(lambda: len(services.asked) == 21, 120)
    own_redis.start()
    services.gate.set()
    assert ended(without_redis) == [0, 0, 0]
    assert (len(services.asked), used()) == (LIMIT, [LIMIT])
    redis.Redis.from_url(own_redis.server.url).flushall()
    settings.TWELVE_DATA_API_KEY, settings.MARKET_LIMITS = KEY, {"twelvedata": (0, LIMIT)}
    assert refusal(lambda: source("twelvedata").quote("AAPL")).scope == "day"
    assert (len(services.asked), used()) == (LIMIT, [LIMIT])


def test_the_next_day_and_another_key_have_budgets_of_their_own(settings):
    settings.MARKET_LIMITS = {"alphavantage": (0, 1)}
    budgets.take("alphavantage", "one")
    assert refusal(lambda: budgets.take("alphavantage", "one")).scope == "day"
    budgets.take("alphavantage", "two")
    MarketBudget.objects.update(day=days.today() - timedelta(days=1))
    budgets.take("alphavantage", "one")
    assert refusal(lambda: budgets.take("alphavantage", "one")).scope == "day"


def test_the_fingerprint_stays_when_the_encryption_key_changes(settings):
    before = budgets.fingerprint(Secret(KEY))
    settings.AI_KEY_ENCRYPTION_KEYS = ["A" * 43 + "="]
    assert budgets.fingerprint(Secret(KEY)) == before and len(before) == 32
    assert budgets.fingerprint(Secret(KEY + "x")) != before


def test_a_limit_that_was_lowered_holds_at_once(settings):
    settings.MARKET_LIMITS = {"alphavantage": (0, 5)}
    budgets.take("alphavantage", "key")
    budgets.take("alphavantage", "key")
    settings.MARKET_LIMITS = {"alphavantage": (0, 2)}
    assert refusal(lambda: budgets.take("alphavantage", "key")).counts is False
    assert used() == [2]


def test_a_request_costs_one_query(settings, django_assert_num_queries):
    settings.MARKET_LIMITS = {"alphavantage": (5, 25)}
    budgets.take("alphavantage", "key")
    with django_assert_num_queries(1):
        budgets.take("alphavantage", "key")


def test_without_a_limit_nothing_is_counted(settings, django_assert_num_queries):
    settings.MARKET_LIMITS = {"finnhub": (0, 0)}
    with django_assert_num_queries(0):
        budgets.take("finnhub", "key")
        budgets.require("finnhub", "key", 1000)
        budgets.use_up("finnhub", "key")


def test_the_minute_refuses_what_the_service_would_and_the_day_loses_nothing(services, settings):
    settings.MARKET_LIMITS = {"twelvedata": (2, 800)}
    for _ in range(2):
        source("twelvedata").quote("AAPL")
    error = refusal(lambda: source("twelvedata").quote("AAPL"))
    assert (error.kind, error.scope, error.counts, error.permanent) == ("rate_limit", "minute", False, False)
    assert 0 < error.retry_after <= 60
    assert (len(services.asked), used()) == (2, [2])


def test_without_redis_the_minute_is_the_services_own_and_the_day_still_holds(services, settings, no_redis):
    settings.MARKET_LIMITS = {"twelvedata": (1, 3)}
    for _ in range(3):
        source("twelvedata").quote("AAPL")
    assert refusal(lambda: source("twelvedata").quote("AAPL")).scope == "day"
    assert (len(services.asked), used()) == (3, [3])


def test_a_failed_request_stays_counted(services, settings):
    settings.MARKET_LIMITS = {"twelvedata": (0, 800)}
    services.faults["twelvedata"] = "cut"
    refusal(lambda: source("twelvedata").quote("AAPL"))
    assert used() == [1]


def test_a_day_without_room_for_all_is_left_to_others(settings):
    settings.MARKET_LIMITS = {"alphavantage": (0, 5)}
    for _ in range(3):
        budgets.take("alphavantage", "key")
    budgets.require("alphavantage", "key", 2)
    error = refusal(lambda: budgets.require("alphavantage", "key", 3))
    assert (error.scope, error.counts) == ("day", False) and "2 left of the 3 needed" in str(error)
    assert used() == [3]
