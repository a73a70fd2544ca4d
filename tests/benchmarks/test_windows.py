import pytest

from benchmarks.windows import most, share_used


def test_a_window_does_not_hold_the_start_that_lies_exactly_its_length_back():
    assert most([0.0, 6.0], 6.0) == 1
    assert most([0.0, 5.99], 6.0) == 2


def test_the_fullest_window_is_found_wherever_it_lies():
    assert most([0.0, 5.4, 5.5, 5.6, 6.1, 20.0], 6.0) == 4


def test_a_limit_is_used_fully_when_each_start_is_repeated_at_once():
    assert share_used([0.0, 1.0, 6.0, 7.0, 12.0, 13.0], 2, 6.0) == pytest.approx(1)


def test_a_start_that_comes_late_is_a_share_that_was_not_used():
    assert share_used([0.0, 6.5, 13.0], 1, 6.0) == pytest.approx(6 / 6.5)
