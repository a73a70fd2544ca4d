import io

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from config.models import ApiToken

pytestmark = pytest.mark.django_db


def issue(*args: str) -> str:
    out = io.StringIO()
    call_command("token", *args, stdout=out)
    return out.getvalue()


def test_the_token_stands_alone_on_its_line_and_only_its_hash_is_stored():
    printed = issue("ada")
    token = printed.strip()
    assert printed == token + "\n" and token.startswith("cd_")
    row = ApiToken.objects.get()
    assert token not in repr(row.__dict__) and row.prefix == token[:8]
    assert not get_user_model().objects.get(username="ada").has_usable_password()


def test_staff_is_given_only_when_asked():
    issue("ada")
    assert not get_user_model().objects.get(username="ada").is_staff
    issue("ada", "--staff")
    assert get_user_model().objects.get(username="ada").is_staff


def test_rights_of_the_desk_are_given_as_asked_and_added_to_what_was_there():
    issue("ada", "--staff")
    assert not get_user_model().objects.get(username="ada").get_all_permissions()
    issue("ada", "--rights", "view", "review")
    issue("ada", "--rights", "refund")
    ada = get_user_model().objects.get(username="ada")
    assert ada.is_staff and not ada.is_superuser
    assert ada.get_all_permissions() == {"orders.view_order", "orders.review_order", "orders.refund_order"}


def test_a_right_that_is_none_is_refused_and_nobody_is_made():
    with pytest.raises(CommandError, match="invalid choice: 'all'"):
        issue("ada", "--rights", "all")
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "x" * 151, "né\n"])
def test_a_name_that_cannot_be_is_refused(name):
    with pytest.raises(CommandError, match="name"):
        issue(name)
    assert not get_user_model().objects.exists()
