"""Requests that Django cannot read, wherever that shows: 400 and what is wrong, never an error of the server."""

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings

from config.wsgi import application
from orders.models import Order
from tests.orders.builders import make_product

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
PATHS = ["/order", "/admin/login/", "/nothing"]


@pytest.fixture(params=[True, False], ids=["csrf", "free"])
def visitor(request) -> Client:
    """A browser; one that must bring the token of its form has the token's cookie."""
    client = Client(enforce_csrf_checks=request.param, raise_request_exception=False)
    client.cookies["csrftoken"] = "a" * 32
    return client


@pytest.mark.parametrize("charset", ["hex", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=b"])
def test_a_form_in_another_charset_is_told_to_come_in_utf_8(visitor, path, charset, kind):
    answer = visitor.generic("POST", path, b"topic=a", content_type=f"{kind}; charset={charset}")
    page = answer.content.decode()
    assert answer.status_code == 400 and "Content-Type: only UTF-8 is understood here." in page
    assert "Nothing was changed or stored." in page


@pytest.mark.parametrize("charset", ["utf-8", "UTF8", "us-ascii", "nonsense"])
def test_a_form_in_utf_8_is_read_whatever_that_is_called(charset):
    make_product()
    answer = Client().generic("POST", "/order", "topic=Größe".encode(), content_type=f"{FORM}; charset={charset}")
    assert answer.status_code == 400 and "Größe" in answer.content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_a_form_with_more_fields_than_any_of_ours_is_refused(visitor, path):
    fields = "&".join(f"f{number}=1" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    answer = visitor.generic("POST", path, fields, content_type=FORM)
    assert answer.status_code == (404 if path == "/nothing" else 400)
    assert not Order.objects.exists()


@pytest.mark.parametrize("parameter", ["a*=undefined''x", "a*=idna''%FF", "charset*=nope''x"])
@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/healthz", 200), ("POST", "/order", 403), ("POST", "/api/stories", 401)]
)
@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_content_type_that_cannot_be_read_is_none(rf, method, path, status, parameter):
    environ = rf.generic(method, path).environ | {"CONTENT_TYPE": f"application/json; {parameter}"}
    begun = []
    assert b"".join(application(environ, lambda *head: begun.append(head)))
    assert begun[0][0].startswith(str(status))


def test_null_in_a_query_of_the_admin_is_named(admin_client):
    answer = admin_client.get("/admin/auth/user/?q=a%00b")
    assert answer.status_code == 400 and "q: null characters are not allowed." in answer.content.decode()
