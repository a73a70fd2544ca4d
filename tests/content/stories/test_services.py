import logging

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from content.stories import lexicon, services
from content.stories.models import ImpactTag, Story
from queues.models import Job
from tests.content.stories.builders import enhanced, make_story

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_new_story_has_its_scores_and_one_job_at_once(ada):
    story = make_story(owner=ada)
    job = Job.objects.get()
    assert (story.hype_score, story.ethics_score) == (0.0, 6.3)
    assert [line["word"] for line in story.evidence["ethics"]] == ["privacy", "concern"]
    assert story.lexicon_version == lexicon.VERSION
    assert (job.kind, job.queue, job.priority, job.owner) == ("stories.enhance", "stories", 5, ada)
    assert (job.args, job.subject_type, job.subject_id) == ({"story_id": str(story.pk)}, "stories.story", str(story.pk))
    assert story.current_job == Story.objects.get().current_job == job.pk
    assert not story.is_enhanced


def test_tags_keep_their_order_and_come_once():
    story = make_story(impact_tags=["b", "a", "B", "c", "a"])
    assert [tag.name for tag in story.tags.all()] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"title": "x" * 201},
        {"content": ""},
        {"content": "x" * 20_001},
        {"sector_tag": "x" * 61},
        {"impact_tags": ["x" * 41]},
        {"impact_tags": [""]},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(fields):
    with pytest.raises(ValidationError):
        make_story(**fields)
    assert (Story.objects.count(), ImpactTag.objects.count(), Job.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("name", ["hype_score", "ethics_score", "enhanced_hype_score", "enhanced_ethics_score"])
@pytest.mark.parametrize("value", [10.1, -0.1])
def test_the_database_itself_takes_no_score_out_of_range(name, value):
    story = make_story()
    with pytest.raises(IntegrityError), transaction.atomic():
        Story.objects.filter(pk=story.pk).update(**{name: value})


def test_a_new_text_is_scored_anew_and_what_a_model_said_of_the_old_is_dropped():
    story = enhanced(make_story())
    Job.objects.update(state="completed")
    changed = services.edit_story(story.pk, content="A revolutionary breakthrough.", impact_tags=["new"])
    assert (changed.hype_score, changed.text_version) == (5.7, 2)
    assert (changed.is_enhanced, changed.enhanced_hype_score, changed.reality_check) == (False, None, "")
    assert [tag.name for tag in changed.tags.all()] == ["new"]
    assert Job.objects.filter(state="waiting").get().pk == changed.current_job


def test_a_change_of_tags_alone_asks_nobody():
    story = enhanced(make_story())
    Job.objects.update(state="completed")
    changed = services.edit_story(story.pk, sector_tag="Other", title=story.title)
    assert (changed.sector_tag, changed.is_enhanced, changed.text_version) == ("Other", True, 1)
    assert [tag.name for tag in changed.tags.all()] == ["privacy"]
    assert Job.objects.count() == 1


def test_a_refused_change_changes_nothing():
    story = enhanced(make_story())
    with pytest.raises(ValidationError):
        services.edit_story(story.pk, content="", impact_tags=[])
    story.refresh_from_db()
    assert (story.content != "", story.is_enhanced, story.tags.count()) == (True, True, 1)


def test_while_an_enhancement_is_open_asking_again_gives_the_same_job():
    story = make_story()
    assert services.request_enhancement(story).pk == story.current_job
    assert Job.objects.count() == 1


def test_scoring_again_computes_with_todays_lexicon_and_keeps_what_a_model_said():
    stories = [enhanced(make_story()), make_story()]
    Job.objects.filter(subject_id=str(stories[0].pk)).update(state="completed")
    Story.objects.update(hype_score=9, ethics_score=9, lexicon_version="lexicon/0", evidence={})
    assert services.rescore(Story.objects.all()) == 2
    story = Story.objects.get(pk=stories[0].pk)
    assert (story.hype_score, story.ethics_score, story.lexicon_version) == (0.0, 6.3, lexicon.VERSION)
    assert (story.enhanced_hype_score, story.is_enhanced) == (7.2, True)
    assert Job.objects.filter(state="waiting").count() == 2
    assert Job.objects.get(pk=story.current_job).priority == 8


def test_debugging_logs_the_words_and_never_the_text(settings, caplog):
    settings.DEBUG_SCORING = True
    with caplog.at_level(logging.INFO, "content.stories"):
        story = make_story(content="The canary sings of surveillance.")
    said = caplog.messages[0]
    assert f"Story {story.pk} (lexicon/1): hype 0.0 [-]" in said
    assert "ethics 7.8 [privacy=4 surveillance=3 concern=2]" in said
    assert "canary" not in caplog.text


def test_without_debugging_nothing_is_logged(caplog):
    with caplog.at_level(logging.DEBUG, "content.stories"):
        make_story()
    assert caplog.messages == []
