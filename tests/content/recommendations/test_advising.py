"""From a claimed job to an answer: by a model, corrected, or from the template, and never paid for twice."""

import pytest

from aiproviders.models.calls import AICall
from content.recommendations import advising
from content.recommendations.models import Recommendation
from queues.models import Job
from tests.content.recommendations.builders import BOTH, REASONING, attempt, make_request

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
INVENTED = REASONING + " TSLA would fit as well."
WRONG_NUMBER = REASONING + " It will earn 37.7 % a year."


def sums(row: Recommendation) -> tuple[float, float]:
    lines = row.result["recommendations"]
    return sum(line["weight"] for line in lines), round(sum(line["amount"] for line in lines), 2)


def is_template(row: Recommendation) -> bool:
    return row.written_by == "" and row.result["reasoning"].startswith("A risk tolerance of 7 out of 10")


def test_a_model_picks_and_writes_and_the_code_weighs(model, ada):
    row = make_request(ada)
    job = attempt(row)
    assert (job.state, job.attempts_made, job.progress) == ("completed", 0, 2)
    assert (row.written_by, row.market_source, str(row.as_of)) == ("openai/analyst", "sample", "2013-03-01")
    assert row.result["reasoning"] == REASONING
    assert sums(row) == (pytest.approx(1, abs=1e-9), 10_000)
    tickers = {line["ticker"] for line in row.result["recommendations"]}
    assert len(tickers - {None}) == 4 and None in tickers  # as it chose, and cash
    assert (model.picked, model.wrote) == (1, 1)
    assert row.expires_at is not None and row.completed_at is not None
    purposes = set(AICall.objects.values_list("purpose", "job_id"))
    assert purposes == {("recommendations pick", job.pk), ("recommendations text", job.pk)}


def test_without_a_model_the_same_is_computed_and_the_text_is_labelled(fake):
    row = make_request()
    assert attempt(row).state == "completed"
    assert is_template(row) and fake.requests == []
    assert sums(row) == (pytest.approx(1, abs=1e-9), 10_000)
    assert len(row.result["recommendations"]) == 6
    assert all(line["rationale"] for line in row.result["recommendations"])


@pytest.mark.parametrize("text", [INVENTED, WRONG_NUMBER, "Short.", REASONING + " See https://evil.example now."])
def test_a_text_that_breaks_a_rule_is_asked_for_again_with_the_reason(model, text):
    model.texts = [text]
    row = make_request()
    assert attempt(row).state == "completed"
    assert row.result["reasoning"] == REASONING and row.written_by == "openai/analyst"
    assert model.wrote == 2
    assert "An earlier answer was refused" in model.prompts[-1] and "refused" not in model.prompts[-2]


def test_after_three_bad_texts_the_template_stands_in(model):
    model.texts = [INVENTED, WRONG_NUMBER, INVENTED]
    row = make_request()
    job = attempt(row)
    assert job.state == "completed" and is_template(row)
    assert model.wrote == 3 and "TSLA" not in str(row.result)
    assert job.events.filter(message__startswith="Answer ").count() == 3


@pytest.mark.parametrize(
    ("picks", "author"),
    [
        (["AAPL", "AAPL", "MSFT", "IBM"], "openai/analyst"),
        (["AAPL"], "openai/analyst"),
        (["AAPL", "MSFT", "IBM", "TSLA"], ""),  # no schema kept to three times: then the model rests for everybody
    ],
)
def test_a_choice_that_breaks_a_rule_is_asked_for_again_and_then_made_by_rule(model, picks, author):
    model.picks = picks
    row = make_request()
    assert attempt(row).state == "completed"
    assert (model.picked, row.written_by) == (3, author)
    tickers = {line["ticker"] for line in row.result["recommendations"]}
    assert tickers == {"AAPL", "MSFT", "IBM", "GOOG", "FB", None}
    assert "TSLA" not in str(row.result)


def test_nothing_is_chosen_where_there_is_no_choice(model):
    row = make_request(sectors=["Technology"])
    attempt(row)
    assert (model.picked, model.wrote) == (0, 1)


@pytest.mark.parametrize("fault", ["no-choices", "ok-json", "length"])
def test_half_an_answer_ends_in_the_template(openai, settings, fault):
    settings.AI_MODEL = f"openai/{fault}"
    openai.says["ok-json"] = '{"reasoning": 5}'
    openai.says["length"] = "nothing that is JSON"
    row = make_request(sectors=["Technology"])
    for _ in range(3):
        if attempt(row).state == "completed":
            break
    assert is_template(row)


def test_a_provider_that_is_down_is_asked_three_times_and_then_the_template_stands_in(openai, settings):
    settings.AI_MODEL = "openai/status-500"
    row = make_request(sectors=["Technology"])
    states = [attempt(row).state for _ in range(3)]
    assert states == ["delayed", "delayed", "completed"]
    assert is_template(row) and Job.objects.get().attempts.count() == 3


@pytest.mark.parametrize("fault", ["status-401", "status-404"])
def test_a_model_that_will_never_answer_is_asked_once(openai, settings, fault):
    settings.AI_MODEL = f"openai/{fault}"
    row = make_request()
    assert attempt(row).state == "completed"
    assert is_template(row) and len(openai.requests) == 1


def test_the_houses_keys_are_not_spent_on_strangers_unless_they_are_lent_to_everybody(model, settings, ada):
    settings.AI_HOUSE_KEYS_FOR = "staff"
    stranger, client = make_request(), make_request(ada)
    for row in (stranger, client):
        assert attempt(row).state == "completed" and is_template(row)
    assert (model.picked, model.wrote) == (0, 0)
    ada.is_staff = True
    ada.save()
    staff = make_request(ada)
    attempt(staff)
    assert staff.written_by == "openai/analyst"


def test_a_crash_before_the_end_pays_for_no_answer_twice(model, monkeypatch):
    save = advising._save

    def broken(*given):
        monkeypatch.setattr(advising, "_save", save)
        raise RuntimeError("crash")

    monkeypatch.setattr(advising, "_save", broken)
    row = make_request()
    assert attempt(row).state == "delayed"
    assert row.result is None
    assert attempt(row).state == "completed"
    assert (model.picked, model.wrote) == (1, 1)
    assert row.result["reasoning"] == REASONING


def test_sectors_without_prices_fail_by_name_and_the_time_runs(fake):
    row = make_request(sectors=["Energy"])
    job = attempt(row)
    assert (job.state, job.error_kind, job.attempts_made) == ("failed", "no_prices", 1)
    assert row.result is None and row.expires_at is not None


def test_a_sector_without_prices_is_named_in_the_answer(fake):
    row = make_request(sectors=["Technology", "Healthcare"])
    attempt(row)
    assert {line["sector"] for line in row.result["recommendations"]} == {"Technology", None}
    assert any("Healthcare" in notice for notice in row.result["notices"])
    assert "1 March 2013" in row.result["notices"][0]


def test_a_request_that_is_gone_cancels_its_job(model):
    row = make_request()
    job = row.current_job
    Recommendation.objects.all().delete()
    row.refresh_from_db = lambda: None
    attempt(row)
    assert Job.objects.get(pk=job).state == "cancelled"
    assert model.prompts == []


def test_a_request_that_goes_meanwhile_leaves_nothing(model, monkeypatch):
    row = make_request(sectors=BOTH)
    text = advising.Writer.text

    def deleted_meanwhile(*given):
        Recommendation.objects.all().delete()
        return text(*given)

    monkeypatch.setattr(advising.Writer, "text", deleted_meanwhile)
    row.refresh_from_db = lambda: None
    assert attempt(row).state == "cancelled"
    assert not Recommendation.objects.exists()
