"""Staff read posts with what the check found, edit them as new versions, publish and take back."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content.blog import services
from content.blog.models import Post, PostVersion
from tests.content.blog.builders import films, make_post

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LIST = "/admin/blog/post/"


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def address(post: Post) -> str:
    return reverse("admin:blog_post_change", args=[post.pk])


def form(post: Post, **changes) -> dict[str, str]:
    version = post.current
    fields = {name: getattr(version, name) for name in ("title", "seo_title", "description", "markdown")}
    management = {"versions-TOTAL_FORMS": "0", "versions-INITIAL_FORMS": "0"}
    return fields | management | changes


def doubtful(**fields) -> Post:
    post = make_post(**fields)
    services.edit_post(
        post.pk, by=None, title="Skyfall", seo_title="Skyfall", description="S.", markdown="## A\n\nBy Ridley Scott."
    )
    post.refresh_from_db()
    return post


def act(client, action: str, *posts: Post, **more):
    return client.post(LIST, {"action": action, "_selected_action": [str(post.pk) for post in posts], **more})


def test_the_list_shows_state_check_and_writer_in_as_many_queries_for_50_as_for_1(admin_client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(admin_client.get(LIST))
        return len(seen)

    titles = films(50)
    make_post(titles[0])
    one = queries()
    for title in titles[1:]:
        make_post(title)
    assert queries() == one
    doubtful(title=films(541)[-1])
    page = text(admin_client.get(LIST))
    assert "rules broken" in page and "Template</td>" in page and "Staff</td>" in page


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("state__exact=published", {"good"}),
        ("check=passed", {"good"}),
        ("check=failed", {"doubtful"}),
        ("check=none", set()),
        ("current__generator__exact=staff", {"doubtful"}),
        ("source__exact=builtin", {"good", "doubtful"}),
        ("q=skyfall", {"doubtful"}),
        ("check=nonsense", {"good", "doubtful"}),
    ],
)
def test_filters_and_search(admin_client, query, shown):
    posts = {"good": make_post(films(2)[0], publish=True), "doubtful": doubtful()}
    page = text(admin_client.get(f"{LIST}?{query}"))
    assert {name for name, post in posts.items() if address(post) in page} == shown


def test_the_page_of_a_post_shows_findings_versions_and_record(admin_client):
    page = text(admin_client.get(address(doubtful())))
    assert "The catalogue does not have: Ridley Scott." in page
    assert "Directed by: Sam Mendes" in page
    assert "Automatic text from catalogue data, not AI-written" in page and "Edited by staff" in page
    assert 'href="/blog/skyfall-2012"' in page
    assert "Save, and publish…" in page


def test_a_changed_text_is_a_new_version_with_its_author(admin_client, admin_user):
    post = make_post()
    answer = admin_client.post(address(post), form(post, title="Skyfall once more"))
    assert answer.status_code == 302
    post.refresh_from_db()
    assert (post.current.number, post.current.title, post.current.author) == (2, "Skyfall once more", admin_user)
    assert post.state == "draft"


def test_saving_what_did_not_change_makes_no_version(admin_client):
    post = make_post()
    assert admin_client.post(address(post), form(post)).status_code == 302
    assert PostVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"), [("title", ""), ("seo_title", "x" * 61), ("description", "x" * 156), ("markdown", "\u200b")]
)
def test_a_text_that_does_not_fit_is_said_at_its_field_and_stores_nothing(admin_client, field, value):
    post = make_post()
    page = text(admin_client.post(address(post), form(post, **{field: value})))
    assert "Please correct the error below" in page
    assert PostVersion.objects.count() == 1


def test_publishing_asks_first_and_shows_what_the_check_found(admin_client):
    good, bad = make_post(films(2)[0]), doubtful()
    page = text(act(admin_client, "publish", good, bad))
    assert "Publish 2 posts" in page and "The catalogue does not have: Ridley Scott." in page
    assert not Post.objects.published().exists()
    assert act(admin_client, "publish", good, bad, confirmed="yes").status_code == 302
    assert Post.objects.published().count() == 2
    assert LogEntry.objects.filter(change_message="Published").count() == 2


def test_taking_back_asks_first(admin_client):
    post = make_post(publish=True)
    assert "Take back 1 post" in text(act(admin_client, "unpublish", post))
    assert Post.objects.published().exists()
    act(admin_client, "unpublish", post, confirmed="yes")
    assert not Post.objects.published().exists()


def test_what_is_in_the_wrong_state_is_left_and_said(admin_client):
    post = make_post(publish=True)
    answer = admin_client.post(
        LIST, {"action": "publish", "_selected_action": [str(post.pk)], "confirmed": "yes"}, follow=True
    )
    assert "Only a draft can be published. It is published." in text(answer)
    assert LogEntry.objects.count() == 0


def test_a_post_can_be_saved_and_published_from_its_page_after_a_question(admin_client):
    post = make_post()
    page = text(admin_client.post(address(post), form(post, title="Skyfall at last", _publish="x")))
    assert "Publish 1 post" in page and "Skyfall at last" in page
    post.refresh_from_db()
    assert (post.state, post.current.number) == ("draft", 2)


def test_a_confirmation_that_comes_with_the_form_leads_back_to_the_post(admin_client):
    post = make_post()
    answer = admin_client.post(address(post), form(post, _publish="x", confirmed="yes"))
    assert (answer.status_code, answer["Location"]) == (302, address(post))
    assert Post.objects.published().get() == post


def test_who_may_only_look_can_change_nothing(client, django_user_model):
    viewer = django_user_model.objects.create_user("viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_post", "view_postversion"]))
    client.force_login(viewer)
    post = make_post()
    assert "Save, and publish" not in text(client.get(address(post)))
    act(client, "publish", post, confirmed="yes")
    assert client.post(address(post), form(post, title="Mine")).status_code == 403
    post.refresh_from_db()
    assert (post.state, post.current.number) == ("draft", 1)
    assert client.get(f"{LIST}add/").status_code == 403
