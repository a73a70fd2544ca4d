"""What can be done with posts, and what stays untouched when it cannot."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from content.blog import selectors, services
from content.blog.catalogues import Title
from content.blog.errors import AlreadyWritten, WrongState
from content.blog.models import Post, PostVersion
from content.blog.states import Generator
from queues import clock
from queues.errors import Superseded
from queues.models import Job
from tests.content.blog.builders import draft_of, films, make_post, skyfall

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def test_a_saved_post_is_a_draft_with_its_record_and_one_version(job):
    post = services.save_post(title=skyfall(), draft=draft_of(), job_id=job.id)
    assert (post.state, post.slug, post.published_at) == ("draft", "skyfall-2012", None)
    assert post.title == skyfall()
    version = post.current
    assert (version.number, version.generator, version.job_id) == (1, "template", job.id)
    assert version.html.startswith("<h2>At a glance</h2>") and version.word_count > 60
    assert version.quality["blocking"] == 0 and version.failed_rules == []


def test_a_post_that_passed_is_published_at_once_if_that_was_asked_for():
    post = services.save_post(title=skyfall(), draft=draft_of(), publish=True)
    assert post.state == "published" and post.published_at is not None


@pytest.mark.parametrize("change", [{"quality": {"rules": [], "blocking": 1}}, {"quality": {}}])
def test_nothing_doubtful_is_published_by_itself(change):
    draft = replace(draft_of(), **change)
    assert services.save_post(title=skyfall(), draft=draft, publish=True).state == "draft"


def test_no_title_gets_a_second_post():
    first = make_post()
    with pytest.raises(AlreadyWritten) as caught:
        services.save_post(title=skyfall(), draft=draft_of(), publish=True)
    assert caught.value.post_id == first.pk
    assert caught.value.permanent
    assert (Post.objects.count(), PostVersion.objects.count()) == (1, 1)
    assert Post.objects.get().state == "draft"


def test_twenty_at_once_write_one_post():
    barrier, title, draft = Barrier(20), skyfall(), draft_of()

    def save(_):
        try:
            barrier.wait(30)
            return services.save_post(title=title, draft=draft).pk
        except AlreadyWritten as error:
            return error.post_id
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        answers = set(pool.map(save, range(20)))
    assert answers == {Post.objects.get().pk}
    assert PostVersion.objects.count() == 1


def test_twenty_publish_at_once_and_one_of_them_does():
    post, barrier = make_post(), Barrier(20)

    def publish(_):
        try:
            barrier.wait(30)
            services.publish(post.pk)
            return 1
        except WrongState as error:
            assert error.state == "published"
            return 0
        finally:
            connections.close_all()

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(publish, range(20))) == 1
    assert Post.objects.get().state == "published"


def test_equal_names_get_addresses_of_their_own():
    other = replace(skyfall(), external_id="tt0000001")
    series = replace(skyfall(), source="tmdb", media_type="tv", external_id="9")
    slugs = [make_post(title).slug for title in (skyfall(), other, series)]
    assert slugs == ["skyfall-2012", "skyfall-2012-builtin-movie-tt0000001", "skyfall-2012-tmdb-tv-9"]


@pytest.mark.parametrize("name", ["七人の侍", "!!!", "x" * 200, "feed.xml", "a" * 109 + "-b"])
def test_any_name_gets_an_address_that_works(client, name):
    title = Title("tmdb", "movie", "7", name, datetime.date(2026, 11, 1), overview="A plot.")
    post = services.save_post(title=title, draft=draft_of(), publish=True)
    assert len(post.slug) <= 120
    assert client.get(post.get_absolute_url()).status_code == 200


def test_a_superseded_attempt_saves_nothing(job):
    Job.objects.filter(pk=job.id).update(attempts_started=99)
    with pytest.raises(Superseded), job.completing():
        services.save_post(title=skyfall(), draft=draft_of(), job_id=job.id)
    assert Post.objects.count() == 0


def edit(post: Post, ada, **changes) -> PostVersion:
    text = {
        "title": "Skyfall, again",
        "seo_title": "Skyfall",
        "description": "Skyfall.",
        "markdown": "## A\n\nSkyfall.",
    }
    return services.edit_post(post.pk, by=ada, **text | changes)


def test_an_edit_is_a_new_version_that_is_shown_and_checked(ada):
    post = make_post(publish=True)
    version = edit(post, ada, markdown="## On it\n\nSkyfall made Ridley Scott 70 million dollars.")
    post.refresh_from_db()
    assert (post.current, post.state) == (version, "published")
    assert (version.number, version.generator, version.author) == (2, Generator.STAFF, ada)
    assert {rule["name"] for rule in version.failed_rules} >= {"names", "numbers"}
    assert post.versions.get(number=1).generator == "template"


@pytest.mark.parametrize(
    ("field", "value"),
    [("title", ""), ("title", "x" * 151), ("seo_title", "x" * 61), ("description", "x" * 156), ("markdown", "\u200b")],
)
def test_an_edit_that_does_not_fit_stores_nothing(ada, field, value):
    post = make_post()
    with pytest.raises(ValidationError) as caught:
        edit(post, ada, **{field: value})
    assert set(caught.value.message_dict) == {field}
    assert PostVersion.objects.count() == 1
    post.refresh_from_db()
    assert post.current.number == 1


def test_markup_in_a_text_cannot_do_anything(ada):
    version = edit(
        make_post(), ada, markdown='## A\n\n<script>alert(1)</script> [x](javascript:alert(1)) <b onclick="x">b'
    )
    assert "<script" not in version.html and "href" not in version.html and "<b " not in version.html
    assert "markup" in {rule["name"] for rule in version.failed_rules}


def test_publish_and_take_back_and_publish_keeps_the_first_day():
    post = make_post()
    services.publish(post.pk)
    post.refresh_from_db()
    first = post.published_at
    services.unpublish(post.pk)
    with pytest.raises(WrongState, match="Only a published post"):
        services.unpublish(post.pk)
    services.publish(post.pk)
    post.refresh_from_db()
    assert (post.state, post.published_at) == ("published", first)


def test_what_tmdb_said_is_forgotten_after_six_months_and_the_text_stays(client):
    today = clock.now().date()
    old = make_post(replace(skyfall(), source="tmdb", external_id="1"), publish=True)
    new = make_post(replace(skyfall(), source="tmdb", external_id="2"))
    own = make_post()
    Post.objects.filter(pk__in=[old.pk, own.pk]).update(recorded_on=today - datetime.timedelta(days=181))
    Post.objects.filter(pk=new.pk).update(recorded_on=today - datetime.timedelta(days=180))
    assert services.forget_old_records() == 1
    kept = {post.pk for post in Post.objects.exclude(record={})}
    assert kept == {new.pk, own.pk}
    page = client.get(old.get_absolute_url())
    assert page.status_code == 200 and b"not kept longer than six months" in page.content
    assert services.forget_old_records() == 0


def test_an_edit_after_that_is_stored_without_a_check(ada):
    post = make_post(record={})
    assert edit(post, ada).quality == {}


def test_which_titles_are_written_about_is_one_query(django_assert_num_queries):
    titles = films(5)
    for title in titles[:3]:
        make_post(title)
    with django_assert_num_queries(1):
        found = selectors.written("builtin", "movie", [title.external_id for title in titles])
    assert set(found) == {title.external_id for title in titles[:3]}
    assert selectors.written("tmdb", "movie", [titles[0].external_id]) == {}
