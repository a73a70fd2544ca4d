import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import close_old_connections, connections

from aiproviders import budgets
from aiproviders.budgets import reserve, settle
from aiproviders.errors import ProviderError
from aiproviders.models import AICall, Budget
from aiproviders.models.budgets import PER_DOLLAR

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
DOLLAR = Decimal(1)


def state(owner: str) -> tuple[Decimal, Decimal]:
    """Dollars spent and reserved today."""
    row = Budget.objects.get(owner=owner, day=budgets.today())
    return Decimal(row.spent) / PER_DOLLAR, Decimal(row.reserved) / PER_DOLLAR


def call(cost: str | None, *, user=None, scope: str = "house", days_ago: int = 0) -> None:
    row = AICall.objects.create(
        provider="openai", model_asked="m", outcome="ok", milliseconds=1, cost=cost and Decimal(cost), user=user,
        key_scope=scope, prices_version="1",
    )  # fmt: skip
    AICall.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(days=days_ago))


def is_refused(limits: dict, amount: str) -> bool:
    try:
        reserve(limits, Decimal(amount))
    except ProviderError as error:
        assert error.kind == "budget"
        return True
    return False


def test_a_call_is_set_aside_and_then_counted_at_its_real_cost():
    reservation = reserve({"user:7": DOLLAR}, Decimal("0.60"))
    assert state("user:7") == (0, Decimal("0.60"))
    settle(reservation, Decimal("0.00000123"))
    assert state("user:7") == (Decimal("0.00000123"), 0)


def test_a_cost_that_nobody_knows_is_counted_at_its_most():
    settle(reserve({"user:7": DOLLAR}, Decimal("0.60")), None)
    assert state("user:7") == (Decimal("0.60"), 0)


def test_what_is_set_aside_is_not_there_for_others():
    limits = {"user:7": DOLLAR}
    first = reserve(limits, Decimal("0.60"))
    assert is_refused(limits, "0.60")
    assert not is_refused(limits, "0.40")
    settle(first, Decimal(0))
    assert not is_refused(limits, "0.60")


def test_what_costs_more_than_was_thought_counts_and_stops_the_next():
    settle(reserve({"user:7": DOLLAR}, Decimal("0.10")), Decimal("1.50"))
    assert state("user:7") == (Decimal("1.50"), 0)
    assert is_refused({"user:7": DOLLAR}, "0.00000001")


def test_both_budgets_have_room_or_neither_is_touched():
    limits = {"user:7": Decimal(5), "house": DOLLAR}
    with pytest.raises(ProviderError, match="the house's daily budget of .1.00"):
        reserve(limits, Decimal(2))
    with pytest.raises(ProviderError, match="the user's daily budget of .0.50"):
        reserve({"user:7": Decimal("0.5"), "house": Decimal(9)}, Decimal(2))
    assert state("user:7") == state("house") == (0, 0)
    settle(reserve({"user:7": Decimal(5), "house": Decimal(9)}, Decimal(2)), Decimal("1.5"))
    assert state("user:7") == state("house") == (Decimal("1.5"), 0)


def test_a_limit_of_nothing_stops_everything():
    assert is_refused({"user:7": Decimal(0)}, "0.00000001")


def test_what_was_spent_before_there_was_a_limit_counts(django_user_model):
    ada, bob = (django_user_model.objects.create_user(name) for name in ("ada", "bob"))
    call("0.30", user=ada, scope="user")
    call("0.25", user=ada)
    call("0.40", user=bob)
    call(None, user=ada)
    call("50", user=ada, days_ago=1)
    reserve({budgets.owner_of(ada): DOLLAR, "house": DOLLAR}, Decimal("0.01"))
    assert state(budgets.owner_of(ada)) == (Decimal("0.55"), Decimal("0.01"))
    assert state("house") == (Decimal("0.65"), Decimal("0.01"))


def test_a_new_limit_holds_at_once_and_forgets_nothing():
    settle(reserve({"user:7": DOLLAR}, Decimal("0.60")), Decimal("0.60"))
    assert is_refused({"user:7": Decimal("0.50")}, "0.01")
    assert not is_refused({"user:7": Decimal(2)}, "1.40")
    assert state("user:7") == (Decimal("0.60"), Decimal("1.40"))


def test_what_a_dead_process_set_aside_counts_for_the_day_and_not_for_the_next():
    reserve({"user:7": DOLLAR}, DOLLAR)  # and nobody ever settles it
    assert is_refused({"user:7": DOLLAR}, "0.01")
    Budget.objects.update(day=budgets.today() - timedelta(days=1))
    assert not is_refused({"user:7": DOLLAR}, "1")


def test_a_call_is_settled_on_the_day_it_began():
    reservation = reserve({"user:7": DOLLAR}, DOLLAR)
    yesterday = budgets.today() - timedelta(days=1)
    Budget.objects.update(day=yesterday)
    settle(reservation, Decimal("0.40"))
    row = Budget.objects.get()
    assert (row.day, row.spent, row.reserved) == (yesterday, 40_000_000, 0)


def test_the_day_is_the_utc_day():
    assert abs(datetime.now(UTC).date() - budgets.today()) <= timedelta(days=1)
    reserve({"user:7": DOLLAR}, DOLLAR)
    assert Budget.objects.filter(day=budgets.Today()).count() == 1


def race(threads: int, work) -> None:
    gate, broken = threading.Barrier(threads), []

    def run():
        try:
            gate.wait()
            work()
        except Exception as error:
            broken.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    close_old_connections()
    assert not broken


def test_many_at_once_never_set_aside_more_than_there_is():
    limits, made = {"user:7": DOLLAR, "house": Decimal("0.70")}, []

    def work():
        for _ in range(5):
            if not is_refused(limits, "0.05"):
                made.append(1)

    race(8, work)
    assert len(made) == 14
    assert state("user:7") == state("house") == (0, Decimal("0.70"))


def test_many_at_once_settle_to_the_last_hundred_millionth():
    limits = {"user:7": Decimal(100), "house": Decimal(100)}
    race(8, lambda: [settle(reserve(limits, Decimal("0.5")), Decimal("0.00000003")) for _ in range(10)])
    assert state("user:7") == state("house") == (Decimal("0.00000240"), 0)


def test_who_finds_it_used_up_waits_for_tomorrow_and_loses_no_try():
    reserve({"house": DOLLAR}, Decimal("0.80"))
    with pytest.raises(ProviderError, match="used up; a new one begins at midnight UTC") as caught:
        reserve({"house": DOLLAR}, Decimal("0.30"))
    assert (caught.value.permanent, caught.value.counts) == (False, False)
    tomorrow = datetime.now(UTC) + timedelta(seconds=caught.value.retry_after)
    assert tomorrow.date() == budgets.today() + timedelta(days=1)
    assert tomorrow.hour == tomorrow.minute == 0


def test_a_call_that_no_day_can_pay_fails_at_once():
    with pytest.raises(ProviderError, match="less than this one call may cost") as caught:
        reserve({"house": DOLLAR}, Decimal("1.01"))
    assert (caught.value.permanent, caught.value.counts, caught.value.retry_after) == (True, True, None)
    assert state("house") == (0, 0)
