"""The template keeps to its own facts, so that it would pass the check that a model's text has to pass."""

import pytest

from content.recommendations import measuring
from content.recommendations.method.proposal import propose
from content.recommendations.writing import template
from content.recommendations.writing.claims import faults, plain
from content.recommendations.writing.facts import facts_of, wishes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("tolerance", [1, 5, 10])
@pytest.mark.parametrize("horizon", ["short", "long"])
def test_every_figure_of_the_template_is_among_the_facts(fake, tolerance, horizon):
    stored = measuring.measured(["Technology", "Communication Services"], waited=0)
    made = propose(measuring.universe_of(stored), risk_tolerance=tolerance, horizon=horizon, capital=54_321.09)
    client = wishes(
        risk_tolerance=tolerance, horizon=horizon, years=made.years, capital=54_321.09, sectors=["Technology"]
    )
    facts = facts_of(client, stored, made)
    text = template.reasoning(made, risk_tolerance=tolerance, horizon=horizon)
    known = text.replace("80 of 100", "10 of 100").replace("half of all below", "the median")
    assert faults(plain(known), facts) == []
    for position in made.positions:
        assert f"fell by {template.percent(position.candidate.largest_fall)}" in template.rationale(position)
