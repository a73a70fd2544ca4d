import datetime
from decimal import Decimal

import pytest

from aiproviders import catalogue, seed
from aiproviders.base import ListedModel
from aiproviders.models import LanguageModel

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 11, 22, 3, 17, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def row(name: str) -> LanguageModel:
    provider, _, model = name.partition("/")
    return LanguageModel.objects.get(provider=provider, model=model)


def every(provider: str, **changes) -> list[ListedModel]:
    """A list that names all we know of `provider`, with `changes` to single models by id (None: not named)."""
    ids = LanguageModel.objects.filter(provider=provider).values_list("model", flat=True)
    infos = {id_: ListedModel(id_) for id_ in ids} | changes
    return [info for info in infos.values() if info]


def test_a_new_database_has_every_line_with_its_price():
    assert LanguageModel.objects.count() == len(seed.LINES)
    luna = row("openai/gpt-6-luna")
    assert (luna.input_price, luna.output_price) == (Decimal("0.1"), Decimal("0.5"))
    assert luna.context_tokens == 1_050_000
    current = [line for line in seed.LINES if not line.is_retired(seed.AS_OF)]
    assert not [line.name for line in current if row(line.name).output_price is None]


def test_planting_again_brings_what_is_new_and_keeps_what_staff_and_providers_said():
    LanguageModel.objects.filter(model="gpt-6-luna").update(offered=False, label="Old", input_price=9)
    LanguageModel.objects.filter(model="gpt-4o").update(seen_at=NOW, retires_on="2027-06-01")
    LanguageModel.objects.filter(model="o3").delete()

    catalogue.plant()

    luna = row("openai/gpt-6-luna")
    assert (luna.offered, luna.label, luna.input_price) == (False, "GPT-6 Luna", Decimal("0.1"))
    assert row("openai/gpt-4o").retires_on == datetime.date(2027, 6, 1)
    assert row("openai/o3").retires_on == datetime.date(2026, 12, 11)


def test_a_providers_list_says_when_a_model_ends_and_how_much_it_reads():
    told = ListedModel("gpt-6-luna", context_tokens=2_000_000, retires_on=datetime.date(2026, 12, 20))

    assert catalogue.refresh("openai", every("openai", **{"gpt-6-luna": told}), now=NOW) > 1

    luna = row("openai/gpt-6-luna")
    assert (luna.context_tokens, luna.retires_on, luna.seen_at) == (2_000_000, told.retires_on, NOW)
    assert luna.status(NOW) == "retiring"
    assert row("openai/gpt-6.1-sol").status(NOW) == "current"
    assert row("anthropic/claude-opus-5-5").seen_at is None


def test_an_unknown_model_is_added_but_not_offered():
    catalogue.refresh("openai", every("openai", new=ListedModel("gpt-7")), now=NOW)

    assert not row("openai/gpt-7").offered
    assert "openai/gpt-7" not in [model.name for model in catalogue.offered()]


def test_a_model_missing_for_three_days_is_retired_and_back_when_it_is_named_again():
    for day in range(4):
        catalogue.refresh("openai", every("openai", **{"gpt-6-luna": None}), now=NOW + day * DAY)
    luna = row("openai/gpt-6-luna")
    assert luna.missing_since == NOW
    assert [luna.status(NOW + day * DAY) for day in (0, 2, 3)] == ["retiring", "retiring", "retired"]
    assert "missing from its provider's list" in catalogue.notice(luna, NOW)

    catalogue.refresh("openai", every("openai"), now=NOW + 4 * DAY)
    assert row("openai/gpt-6-luna").status(NOW + 4 * DAY) == "current"


def test_an_empty_list_says_nothing():
    assert catalogue.refresh("openai", [], now=NOW) == 0
    assert row("openai/gpt-6-luna").missing_since is None


def test_a_name_that_the_provider_lists_with_a_date_is_not_missing():
    listed = every("anthropic", **{"claude-opus-5-5": ListedModel("claude-opus-5-5-20261001")})

    catalogue.refresh("anthropic", listed, now=NOW)

    assert row("anthropic/claude-opus-5-5").seen_at == NOW


@pytest.mark.parametrize(
    ("days", "status"), [(-1, "retired"), (0, "retired"), (1, "retiring"), (30, "retiring"), (31, "current")]
)
def test_an_end_is_announced_for_thirty_days(days, status):
    model = LanguageModel(label="X", retires_on=(NOW + days * DAY).date(), replaced_by="openai/gpt-6-luna")

    assert model.status(NOW) == status
    assert bool(catalogue.notice(model, NOW)) is (status != "current")
    assert status == "current" or "Choose GPT-6 Luna instead." in catalogue.notice(model, NOW)


def test_what_is_retired_or_not_offered_cannot_be_chosen():
    LanguageModel.objects.filter(model="gpt-6.1-sol").update(offered=False)

    names = {model.name for model in catalogue.offered()}

    assert "openai/gpt-6-luna" in names
    assert not names & {"openai/gpt-4", "openai/gpt-6.1-sol", "google/gemini-1.5-pro"}


def test_notices_are_given_for_those_asked_about_only():
    found = catalogue.notices(["openai/gpt-4", "openai/gpt-6-luna", "nobody/knows"])

    assert list(found) == ["openai/gpt-4"]
    assert found["openai/gpt-4"] == "GPT-4 is retired since 23 Oct 2026. Choose GPT-6.1 Sol instead."
