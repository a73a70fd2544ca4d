"""Numbers in a text: every way to write one is found."""

import pytest

from content.recommendations.writing.claims import plain
from content.recommendations.writing.numbers import numbers


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Hold 12.5 % of it", [(12.5, True)]),
        ("Hold 12,5% of it", [(12.5, True)]),
        ("12 percent, 13 per cent, a 7-percent share", [(12, True), (13, True), (7, True)]),
        ("$1,234.56 and 1 234 567 USD and 1'000", [(1234.56, False), (1234567, False), (1000, False)]),
        ("10k, 1.5 million, 2bn, 3 thousand", [(10_000, False), (1_500_000, False), (2e9, False), (3000, False)]),
        ("on 1 March 2013", [(1, False), (2013, False)]),
        ("Q3, the S&P500, a 3x gain", [(3, False), (500, False), (3, False)]),
        ("twelve percent over twenty-five years", [(12, True), (25, False)]),
        ("two million, a hundred", [(2e6, False), (100, False)]),
        ("it doubles, by half, a dozen", [(None, False)] * 2),
        ("one of them weighs often someone", []),
        ("٣ and ３ and ²", [(3, False), (3, False), (2, False)]),
    ],
)
def test_a_number_is_found_however_it_is_written(text, values):
    found = sorted((number.value or -1, number.percent) for number in numbers(plain(text)))
    expected = sorted((value or -1, percent) for value, percent in values)
    assert found == expected or (None, False) in values and {value for value, _ in found} == {-1}


@pytest.mark.parametrize(
    ("said", "fact", "covered"),
    [
        ("12.34 %", "12.34 %", True),
        ("12.3 %", "12.34 %", True),
        ("12 %", "12.34 %", True),
        ("12.4 %", "12.34 %", False),
        ("12.340 %", "12.34 %", True),
        ("13 %", "12.34 %", False),
        ("12.34", "12.34 %", True),
        ("10 %", "10 USD", False),
        ("10k", "10000 USD", True),
        ("$10,000", "10000 USD", True),
        ("1.2 million", "1234567 USD", True),
        ("1.3 million", "1234567 USD", False),
        ("five", "5 years", True),
        ("double", "2 years", False),
    ],
)
def test_a_number_is_covered_if_the_fact_rounds_to_it(said, fact, covered):
    (number,) = numbers(said)
    assert number.is_one_of(numbers(fact)) == covered
