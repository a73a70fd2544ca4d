import re
from pathlib import Path

import pytest

from aiproviders.errors import KINDS
from aiproviders.policy import RULES

DOCS = Path(__file__).resolve().parent.parent.parent / "docs" / "providers.md"


def documented() -> dict[str, tuple[str, ...]]:
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\| ([^|]+)\| ([^|]+)\| ([^|]+)\|", DOCS.read_text(), re.MULTILINE)
    return {kind: tuple(cell.strip() for cell in cells) for kinds, *cells in rows for kind in re.findall(r"\w+", kinds)}


def test_every_kind_of_error_has_a_rule():
    assert set(RULES) == set(KINDS)


@pytest.mark.parametrize("kind", RULES)
def test_the_documented_table_is_the_one_in_force(kind):
    rule = RULES[kind]
    same_link = "at once, with twice the room" if rule.again else "later" if rule.later else "no"
    assert documented()[kind] == (rule.next.value, rule.rest.value or "nothing", same_link)
