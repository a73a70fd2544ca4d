import datetime

import pytest

from content.articles.commentary.priority import priority

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(-5, 1), (0, 1), (0.9, 1), (1, 2), (2.9, 2), (3, 3), (7, 4), (15, 5), (31, 6), (63, 7), (127, 8), (255, 9)]
    + [(511, 10), (24 * 365 * 50, 10)],
)
def test_the_newest_come_first(hours, expected):
    assert priority(NOW - datetime.timedelta(hours=hours), NOW) == expected
