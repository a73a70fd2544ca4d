"""What may be wished of a run, whoever asks: the page, the API or code."""

import pytest
from django.core.exceptions import ValidationError

from content.blog.models import Run
from content.blog.runs.services import start_run
from queues.models import Job

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"count": 0}, "count"),
        ({"count": 51}, "count"),
        ({"count": "many"}, "count"),
        ({"mode": "always"}, "mode"),
        ({"listing": "best"}, "listing"),
        ({"listing": "trending"}, "listing"),
        ({"media_type": "tv"}, "media_type"),
        ({"media_type": "book"}, "media_type"),
        ({"min_rating": 10.1}, "min_rating"),
        ({"min_rating": -1}, "min_rating"),
        ({"min_rating": float("nan")}, "min_rating"),
        ({"min_rating": float("inf")}, "min_rating"),
        ({"year_from": 2010, "year_to": 2000}, "year_from"),
        ({"year_from": 2020}, "year_from"),
        ({"year_to": 1}, "year_to"),
        ({"genres": ["Sandwich"]}, "genres"),
        ({"genres": "Drama"}, "genres"),
        ({"genres": [1]}, "genres"),
        ({"genres": ["x" * 41]}, "genres"),
        ({"genres": [f"g{number}" for number in range(11)]}, "genres"),
        ({"ai_model": "gpt-99"}, "ai_model"),
        ({"ai_model": "openai/davinci"}, "ai_model"),
        ({"daily_cap": 3}, "daily_cap"),
        ({"mode": "continuous", "daily_cap": 0}, "daily_cap"),
        ({"mode": "continuous", "daily_cap": 501}, "daily_cap"),
    ],
)
def test_what_cannot_be_had_is_refused_by_field_and_nothing_is_stored(ada, wanted, field):
    with pytest.raises(ValidationError) as refused:
        start_run(owner=ada, **{"ai_model": "template"} | wanted)
    assert list(refused.value.message_dict) == [field]
    assert not Run.objects.exists() and not Job.objects.exists()


def test_names_of_models_are_completed_and_a_retired_one_gives_its_successor(ada):
    run = start_run(owner=ada, ai_model="gemini-1.5-pro")
    assert run.run.ai_model == "google/gemini-3.8-flash" and "retired" in run.notice


def test_genres_are_tidied_and_taken_in_any_case(ada):
    run = start_run(owner=ada, ai_model="template", genres=[" drama ", "drama", "", "Crime"]).run
    assert run.genres == ["drama", "Crime"]
