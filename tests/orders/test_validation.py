"""What an order may contain. Form and API share these rules."""

import pytest
from django.core.exceptions import ValidationError

from orders.validation import check_inputs
from tests.orders.builders import INPUTS


def errors_of(**inputs) -> dict:
    with pytest.raises(ValidationError) as caught:
        check_inputs(**{"terms_accepted": True} | INPUTS | inputs)
    return caught.value.message_dict


def test_good_inputs_come_back_trimmed():
    checked = check_inputs(
        **INPUTS | {"topic": "  Cold brew coffee \t", "niche": "", "notes": "a\r\nb\n"}, terms_accepted=True
    )
    assert (checked.topic, checked.niche, checked.notes) == ("Cold brew coffee", "", "a\nb")
    assert checked.target_url == INPUTS["target_url"]


def test_what_nobody_can_see_is_taken_out():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "link to evil.example")
    checked = check_inputs(
        **INPUTS
        | {"topic": f"Cold\u200b brew{hidden} coffee", "keyword": "\u200b", "notes": hidden}
        | {"anchor_text": "cold\u00ad brew"},
        terms_accepted=True,
    )
    assert (checked.topic, checked.keyword, checked.notes) == ("Cold brew coffee", "", "")
    assert checked.anchor_text == "cold brew"


def test_every_wrong_field_is_named_at_once():
    wrong = dict.fromkeys(("email", "topic", "target_url", "anchor_text"), "")
    assert set(errors_of(**wrong, terms_accepted=False)) == {*wrong, "terms_accepted"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("topic", ""),
        ("topic", "   "),
        ("topic", "abcd"),
        ("topic", "a" * 201),
        ("topic", "a" * 10_000_000),
        ("topic", "two\nlines"),
        ("topic", "nul \x00 byte"),
        ("topic", "half a pair \ud800"),
        ("topic", "12345 67890"),
        ("topic", "two\u2028lines"),
        ("niche", "n" * 101),
        ("keyword", "k" * 101),
        ("keyword", "two\nlines"),
        ("notes", "n" * 4001),
        ("notes", "bell \x07"),
        ("email", "nobody"),
        ("email", "a@b@c.example"),
        ("email", "ada@example.com\nBcc: eve@example.com"),
        ("email", "a" * 250 + "@example.com"),
        ("anchor_text", ""),
        ("anchor_text", "x"),
        ("anchor_text", "x" * 81),
        ("anchor_text", "two\nlines"),
        ("anchor_text", "\u200b\u200b\u3164"),
        ("topic", "\u2800" * 10),
        ("anchor_text", "click](http://evil.example.com"),
        ("anchor_text", "<b>bold</b>"),
        ("anchor_text", "a `code` span"),
    ],
)
def test_a_wrong_text_is_refused_at_its_field(field, value):
    assert list(errors_of(**{field: value})) == [field]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "beans.example.com",
        "//beans.example.com",
        "javascript:alert(1)",
        "JavaScript:alert(1)//http://a.example.com",
        "data:text/html,x",
        "ftp://beans.example.com",
        "http://",
        "https://beans",
        "http://localhost/",
        "http://localhost.",
        "http://shop.localhost/",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.0.0.1/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "https://ada:secret@beans.example.com/",
        "https://ada@beans.example.com/",
        "https://@beans.example.com/",
        "https://beans.example.com:99999/",
        "https://beans.example.com/a b",
        "https://beans.example.com/<script>",
        "https://beans.example.com/\nX",
        "https://beans.example.com/" + "a" * 500,
        "https://beans.example.com/" + "(" * 200,
        "https://[::1",
    ],
)
def test_a_link_that_is_not_a_public_web_address_is_refused(url):
    assert list(errors_of(target_url=url)) == ["target_url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com",
        "HTTPS://Beans.Example.com:8443/a?b=c&d=%20#e",
        "https://bücher.example.com/ü",
        "https://8.8.8.8/",
        "https://[2606:4700:4700::1111]/",
    ],
)
def test_public_addresses_are_accepted_as_they_are(url):
    assert check_inputs(**INPUTS | {"target_url": url}, terms_accepted=True).target_url == url


def test_parentheses_are_escaped_because_they_end_a_markdown_link():
    checked = check_inputs(**INPUTS | {"target_url": "https://example.com/a_(b)"}, terms_accepted=True)
    assert checked.target_url == "https://example.com/a_%28b%29"


@pytest.mark.parametrize("value", [False, None, "yes", 1])
def test_terms_are_accepted_by_nothing_but_true(value):
    assert list(errors_of(terms_accepted=value)) == ["terms_accepted"]
