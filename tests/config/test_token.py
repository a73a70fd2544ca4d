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


@pytest.mark.parametrize("name", ["", "a b", "x" * 151, "né\n"])
def test_a_name_that_cannot_be_is_refused(name):
    with pytest.raises(CommandError, match="name"):
        issue(name)
    assert not get_user_model().objects.exists()
