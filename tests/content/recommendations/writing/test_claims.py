"""What a text may claim: nothing that is not among the facts."""

import pytest

from content.recommendations.writing.claims import faults, plain
from content.recommendations.writing.facts import Facts

FACTS = Facts(
    general=(
        "The client has a risk tolerance of 7 out of 10, a medium horizon (looked at for 5 years), 10000 USD.",
        "Cash or short-term government bonds: weight 41.5 %, 4150 USD.",
        "Prices: Built-in sample, as of 1 March 2013.",
    ),
    of={
        "AAPL": "AAPL: Apple, stock, Technology; volatility 35.6 % a year; weight 12.34 %, 1234 USD",
        "KO": "KO: Coca-Cola, stock, Consumer Staples; volatility 18 % a year; weight 25 %, 2500 USD",
    },
)


@pytest.mark.parametrize(
    "text",
    [
        "Apple (AAPL) has a weight of 12.34 %, that is $1,234; its volatility is about 36 %.",
        "With a tolerance of 7 out of 10 and five years, 41.5 % stay in cash.",
        "Coca-Cola's shares swing by 18 % a year. KO therefore gets 25 %.",
        "The weights 12 % and 25 % add to the cash. An ETF is not used; I see none. Prices end in March 2013.",
        "Nothing is guaranteed: US shares may fall.\n\nThere is never a guarantee.",
    ],
)
def test_what_the_facts_cover_passes(text):
    assert faults(plain(text), FACTS) == []


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Buy TSLA too.", "TSLA"),
        ("TSLA is good.", "TSLA"),
        ("We like $tsla here.", "tsla"),
        ("We like Tesla here.", "Tesla"),
        ("Microsoft is calmer.", "Microsoft"),
        ("It beats microsoft easily.", "Microsoft"),
        ("Shares follow the Federal Reserve.", "Federal"),
        ("It beats the S&P index.", "S&P"),
        ("АAPL is fine.", "АAPL"),  # the first letter is Cyrillic
        ("Apple has 12.44 %.", "12.44"),
        ("AAPL has a volatility of 18 %.", "18 %"),  # that is another one's
        ("KO weighs 12.34 %.", "12.34"),
        ("It earns thirty percent.", "thirty percent"),
        ("It will double.", "double"),
        ("A gain of ½ is likely.", "2"),
        ("Prices are from 2024.", "2024"),
        ("Returns are guaranteed.", "guarantee"),
        ("It is risk-free.", "risk-free"),
        ("You cannot lose.", "cannot lose"),
        ("As an AI I cannot say.", "As an AI I"),
        ("See www.evil.example for more.", "address"),
        ("<b>Apple</b> is calm.", "markup"),
        ("Outlook: NVDA leads", "NVDA"),
    ],
)
def test_what_the_facts_do_not_cover_is_named(text, word):
    found = faults(plain(text), FACTS)
    assert found and any(word in fault for fault in found)


def test_the_text_on_one_instrument_may_not_use_anothers_figures():
    assert faults("It weighs 25 %.", FACTS, about="KO") == []
    assert faults("It weighs 25 %.", FACTS, about="AAPL") == ["The number 25 % is not among the facts about AAPL."]


def test_few_faults_are_told_however_many_there_are():
    assert len(faults(" ".join(f"It is {number}.5 %." for number in range(60, 99)), FACTS)) == 8


def test_plain_text_has_paragraphs_and_nothing_that_cannot_be_seen():
    assert plain("  one\u200b two\r\n\n\n three\x07 ") == "one two\n\nthree"
