"""Reading a form as a browser does."""

import pytest

from config.form_page import FormPage

PAGE = """
<form action="/search"><input name="q" value="not this one"></form>
<form method="post" action="order">
  <input type="hidden" name="csrf" value="a&amp;b"><input name="topic"><input type="radio" name="size" value="s">
  <input type="radio" name="size" value="m" checked><input type="radio" name="colour" value="red">
  <input type="radio" name="colour" value="blue"><input type="checkbox" name="terms" required>
  <input type="checkbox" name="news"><input type="checkbox" name="gift" value="yes" checked>
  <button name="outcome" value="pay">Pay</button>
</form>
<form method="post" action="/logout"><input name="bye" value="1"></form>
"""


def test_the_first_form_that_posts_is_read():
    form = FormPage("http://shop.example/a/b", PAGE)
    assert form.action == "http://shop.example/a/order"
    assert form.fields == {"csrf": "a&b", "topic": "", "size": "m", "colour": "red", "gift": "yes"}
    assert form.to_tick == {"terms": "on"}


def test_a_form_without_an_address_goes_back_to_its_page():
    assert FormPage("http://shop.example/pay/1", "<form method=post></form>").action == "http://shop.example/pay/1"


def test_a_page_without_a_form_is_an_error_that_names_the_page():
    with pytest.raises(ValueError, match="no form on http://shop.example/"):
        FormPage("http://shop.example/", "<p>closed</p>")
