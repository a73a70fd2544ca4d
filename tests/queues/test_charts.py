from decimal import Decimal

import pytest

from queues import charts, clock
from queues.charts import HEIGHT, HOURS, last_day
from queues.hours import beginning_of_hour
from queues.models import Job, QueueHour
from tests.queues.ended import HOUR

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def worked(hours_ago: int, completed: int, failed: int = 0, *, queue: str = "blog", cost=None) -> None:
    hour = beginning_of_hour(clock.now()) - hours_ago * HOUR
    numbers = {"started": 0, "cancelled": 0, "completed": completed, "failed": failed, "cost": cost}
    QueueHour.objects.create(queue=queue, hour=hour, **numbers)


def test_without_a_past_the_picture_is_flat():
    chart = last_day("blog")
    assert len(chart.bars) == HOURS
    assert {(bar.done, bar.lost) for bar in chart.bars} == {(0, 0)}
    assert (chart.completed, chart.failed, chart.cost) == (0, 0, None)


def test_the_tallest_bar_fills_the_height_and_failed_stands_on_completed():
    worked(1, 30, 10)
    worked(23, 20)
    worked(24, 1000)
    chart = last_day("blog")
    oldest, newest = chart.bars[0], chart.bars[-2]
    assert (newest.done, newest.lost) == (HEIGHT * 3 / 4, HEIGHT / 4)
    assert (oldest.done, oldest.lost) == (HEIGHT / 2, 0)
    assert (chart.completed, chart.failed, chart.highest) == (50, 10, 40)


def test_all_queues_together_are_their_sums():
    worked(1, 3, cost=Decimal("0.5"))
    worked(1, 4, queue="mail", cost=Decimal("0.25"))
    assert (last_day().bars[-2].completed, last_day().cost) == (7, Decimal("0.75"))
    assert (last_day("mail").bars[-2].completed, last_day("mail").cost) == (4, Decimal("0.25"))


def test_the_hour_that_runs_is_counted_from_the_ledger():
    worked(1, 5)
    now = clock.now()
    for state, queue, ended in (
        ("completed", "blog", now),
        ("failed", "blog", now),
        ("cancelled", "blog", now),
        ("completed", "mail", now),
        ("completed", "blog", beginning_of_hour(now) - HOUR / 60),  # counted above
    ):
        Job.objects.create(kind="engine.write", queue=queue, state=state, finished_at=ended)
    chart = last_day("blog")
    assert [(bar.completed, bar.failed) for bar in chart.bars[-2:]] == [(5, 0), (1, 1)]
    assert (chart.completed, chart.failed, chart.highest) == (6, 1, 5)
    assert last_day().bars[-1].completed == 2


def test_bars_stand_beside_each_other_in_the_order_of_time():
    bars = last_day().bars
    assert [bar.x for bar in bars] == [place * charts.WIDTH for place in range(HOURS)]
    assert [later.hour - bar.hour for bar, later in zip(bars, bars[1:], strict=False)] == [HOUR] * (HOURS - 1)


def test_a_day_without_jobs_is_said_and_not_drawn(admin_client):
    page = admin_client.get("/admin/queues/queue/").content.decode()
    assert "No job ended in the last 24 hours" in page
    assert "<svg" not in page.split('class="hours"')[1].split("</p>")[0]
