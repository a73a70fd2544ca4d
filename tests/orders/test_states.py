"""The state machine as a table, its picture in docs/orders.md, and what customers are told."""

import re
from pathlib import Path

import pytest

from orders.models import Order
from orders.states import TRANSITIONS, WORKER_ACTIONS, OrderStatus, progress

ARROW = re.compile(r"^\s*([A-Z_]+) --> ([A-Z_]+): (\w+)$", re.MULTILINE)


def drawn_arrows() -> set[tuple[str, str, str]]:
    chart = Path(__file__).parents[2] / "docs" / "orders.md"
    return set(ARROW.findall(chart.read_text()))


def test_chart_in_the_docs_has_exactly_the_arrows_of_the_table():
    table = {
        (str(source), str(target), action) for action, (sources, target) in TRANSITIONS.items() for source in sources
    }
    assert drawn_arrows() == table


def test_every_state_can_be_reached_and_only_completed_is_an_end_for_good():
    reached = {target for _, target in TRANSITIONS.values()} | {OrderStatus.PENDING_PAYMENT}
    assert reached == set(OrderStatus)
    left = {source for sources, _ in TRANSITIONS.values() for source in sources}
    assert set(OrderStatus) - left == {OrderStatus.COMPLETED}


def test_nothing_is_published_that_staff_have_not_approved():
    """Whoever wrote it: no way from the writing to the end leads past the editors."""
    ways = {action: to for action, (sources, to) in TRANSITIONS.items() if sources != {OrderStatus.ADMIN_REVIEW}}
    assert OrderStatus.SCHEDULED not in ways.values()
    assert [action for action, to in ways.items() if to == OrderStatus.COMPLETED] == ["publish"]
    assert TRANSITIONS["publish"][0] == {OrderStatus.SCHEDULED}


def test_workers_only_act_on_orders_in_work():
    assert {source for action in WORKER_ACTIONS for source in TRANSITIONS[action][0]} == {OrderStatus.PROCESSING}


def an_order(status: str, *, paid: bool = True, written: bool = False, kind: str = "article") -> Order:
    version = "v" if written else None
    return Order(status=status, paid_at="2026-11-22" if paid else None, current_version_id=version, kind=kind)


@pytest.mark.parametrize(
    ("order", "step", "label", "percent"),
    [
        (an_order("PENDING_PAYMENT", paid=False), 1, "Waiting for payment", 5),
        (an_order("PROCESSING"), 2, "Writing your article", 20),
        (an_order("PROCESSING", kind="backlink"), 2, "Placing your link", 20),
        (an_order("QUALITY_CHECK", written=True), 3, "Ready for your review", 60),
        (an_order("PROCESSING", written=True), 3, "Revision in progress", 60),
        (an_order("ADMIN_REVIEW", written=True), 4, "Editor review", 80),
        (an_order("SCHEDULED", written=True), 4, "Approved, goes live later", 90),
        (an_order("COMPLETED", written=True), 5, "Published", 100),
    ],
)
def test_progress_names_step_label_and_percent(order, step, label, percent):
    shown = progress(order)
    assert (shown.step, shown.of, shown.label, shown.percent, shown.failed) == (step, 5, label, percent, False)


@pytest.mark.parametrize(
    ("order", "step"),
    [
        (an_order("CANCELLED", paid=False), 1),
        (an_order("FAILED"), 2),
        (an_order("FAILED", written=True), 3),
        (an_order("CANCELLED", written=True), 3),
    ],
)
def test_progress_of_a_stopped_order_stays_at_the_step_that_was_reached(order, step):
    shown = progress(order)
    assert (shown.step, shown.percent, shown.failed) == (step, None, True)


def test_writing_fills_the_bar_part_by_part_and_never_beyond_the_review():
    order = an_order("PROCESSING")
    percents = [progress(order, done=done, total=7).percent for done in range(8)]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (20, 55)
    assert progress(order, done=9, total=7).percent == 55
