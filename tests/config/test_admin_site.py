"""Whatever an address asks of a list of the admin: no error of the server, and a message that names the parameter."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from content.articles.models import UnwantedPhrase
from tests.content.stories.builders import make_story
from tests.processes import wait_until

# Not in a transaction: one that a refused question has broken would break the next.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.mark.parametrize(
    "query",
    [
        "username__range=a",
        "username__range=a,b,c",
        "id__range=",
        "date_joined__year=99999",
        "date_joined__year=-1",
        "date_joined__year=9999999999999999999999999",
        "date_joined__gte=yesterday",
        "username__regex=(",
        "username__iregex=*",
        "last_login__contained_by=1",
        "is_staff__range=1",
        "nothing=1",
    ],
)
def test_a_filter_that_makes_no_sense_is_named_and_the_whole_list_shown(admin_client, query):
    answer = admin_client.get(f"/admin/auth/user/?{query}", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/admin/auth/user/?e=1", 302)] and "1 user" in page
    assert f"cannot be filtered or sorted like that: {query.partition('=')[0]}. All rows are shown." in page


def test_what_only_one_database_can_be_asked_is_no_error_of_the_server(admin_client):
    assert admin_client.get("/admin/queues/job/?result__contains=1").status_code in (200, 302)


@pytest.mark.parametrize("query", ["username__regex=^a", "id__in=1,2", "q=admin", "o=-1.2"])
def test_one_that_makes_sense_is_answered(admin_client, query):
    answer = admin_client.get(f"/admin/auth/user/?{query}")
    assert answer.status_code == 200 and "cannot be filtered" not in answer.content.decode()


@pytest.mark.parametrize(
    "day", ["year=9999&{0}month=12&{0}day=31", "year=0", "year=99999999999", "year=2026&{0}month=13"]
)
def test_a_day_that_no_calendar_has_is_named(admin_client, day):
    query = "created_at__" + day.format("created_at__")
    page = admin_client.get(f"/admin/stories/story/?{query}", follow=True).content.decode()
    assert "like that: created_at__year" in page and "0 stories" in page


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_page_that_is_asked_for_by_no_column_is_found_by_its_key(admin_client, admin_user, page):
    address = f"/admin/auth/user/{admin_user.pk}/{page}/"
    assert admin_client.get(f"{address}?_to_field=").status_code == 200
    assert admin_client.post(address, {"_to_field": ""}).status_code in (200, 302, 405)


@pytest.mark.parametrize("key", ["-9223372036854775809", "9" * 40])
@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_key_beyond_64_bits_is_nobodys(admin_client, page, key):
    assert admin_client.get(f"/admin/aiproviders/aisettings/{key}/{page}/").status_code == 302


def test_a_key_as_a_parameters_name_is_not_repeated(admin_client):
    answer = admin_client.get("/admin/stories/story/?sk-canary-0123456789=1", follow=True)
    assert "like that: [hidden]." in answer.content.decode() and b"canary" not in answer.content


def test_a_list_that_breaks_by_itself_is_no_wrong_address(admin_client, monkeypatch):
    def broken(*args):
        raise ValueError("ours")

    make_story()
    monkeypatch.setattr("content.stories.admin.StoryAdmin.get_queryset", broken)
    with pytest.raises(ValueError, match="ours"):
        admin_client.get("/admin/stories/story/")


def somebody_waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_what_somebody_else_stores_in_the_same_moment_is_named_beside_its_field(admin_client):
    def add():
        try:
            return admin_client.post("/admin/articles/unwantedphrase/add/", {"words": "Delve"})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            UnwantedPhrase.objects.create(words="delve")
            sent = threads.submit(add)
            if connection.vendor == "postgresql":  # SQLite lets nobody begin
                wait_until(somebody_waits_for_us)
        answer = sent.result(30)
    assert answer.status_code == 200 and "It is on the list already." in answer.content.decode()
    assert UnwantedPhrase.objects.get().words == "delve"


@pytest.mark.parametrize("table", ["stories/story", "articles/feed", "aiproviders/languagemodel"])
def test_a_form_for_a_new_row_asks_and_tells_nothing_of_what_is_not_there(admin_client, table):
    page = admin_client.get(f"/admin/{table}/add/").content.decode()
    assert 'type="text"' in page and 'class="readonly"' not in page


def test_what_a_row_says_of_itself_is_shown_once_there_is_one(admin_client):
    page = admin_client.get(f"/admin/stories/story/{make_story().pk}/change/").content.decode()
    assert "Words behind the scores" in page and 'class="readonly"' in page


@pytest.mark.parametrize("chosen", ["x", "\0", "1.5", ""])
@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/admin/articles/unwantedphrase/", "delete_selected"),
        ("/admin/stories/story/", "delete_selected"),
        ("/admin/config/apitoken/", "revoke"),
        ("/admin/queues/job/", "cancel"),
    ],
)
def test_a_selection_of_what_is_no_row_does_nothing_and_says_so(admin_client, path, action, chosen):
    make_story()
    phrase = UnwantedPhrase.objects.create(words="tapestry")
    sent = {"action": action, "_selected_action": [chosen, phrase.pk], "post": "yes"}
    answer = admin_client.post(path, sent, follow=True)
    assert answer.redirect_chain == [(path, 302)] and UnwantedPhrase.objects.filter(pk=phrase.pk).exists()
    assert "Nothing was done: select rows of this list." in answer.content.decode()


@pytest.mark.parametrize("chosen", ["-1", "4999"])
def test_a_row_that_is_not_there_any_more_is_left_out_of_a_selection(admin_client, chosen):
    phrase = UnwantedPhrase.objects.create(words="tapestry")
    sent = {"action": "delete_selected", "_selected_action": [chosen, phrase.pk], "post": "yes"}
    assert admin_client.post("/admin/articles/unwantedphrase/", sent).status_code == 302
    assert not UnwantedPhrase.objects.exists()
