from django.http import HttpResponse
from django.test import RequestFactory

from orders.body_limit import limited_body

LIMIT = 256 * 1024


@limited_body
def echo(request):
    return HttpResponse(request.POST.get("text", ""))


def send(length: str):
    request = RequestFactory().post("/", {"text": "hello"})
    request.META["CONTENT_LENGTH"] = length
    return echo(request)


def test_a_body_over_the_limit_is_answered_without_reading_it():
    assert send(str(LIMIT + 1)).status_code == 413


def test_a_body_at_the_limit_gets_the_usual_csrf_check():
    assert send(str(LIMIT)).status_code == 403


def test_a_length_that_is_no_number_is_left_to_django():
    assert send("many").status_code == 403
