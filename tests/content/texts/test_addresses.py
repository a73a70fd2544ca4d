import pytest

from content.texts.addresses import addresses, without_addresses


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Visit Example.COM now.", ["example.com"]),
        ("Look at shop.example, please.", ["shop.example"]),
        ("See WWW.Shop.Example/a?b=c).", ["www.shop.example/a?b=c"]),
        ("HTTPS://EVIL.EXAMPLE/", ["https://evil.example/"]),
        ("Write to Sales@Evil.Org!", ["sales@evil.org"]),
        ("Ｅｖｉｌ．Ｃｏｍ and Evil。Com", ["evil.com", "evil。com"]),
        ("Evil\u200b.C\u00adom", ["evil.com"]),
        ("Bücher.DE or XN--BCHER-KVA.de", ["bücher.de", "xn--bcher-kva.de"]),
        ("Go to Evil.Com.Then come back.", ["evil.com.then"]),
        ("Node.js, Vue.js and Next.js", []),
        ("Cold.Then warm, e.g. at 3.50 or in the U.S. of J.R.R. Tolkien, Ph.D.", []),
        ("Version 1.2.3 is out.", []),
        ("", []),
    ],
)
def test_addresses_are_found_as_people_write_them(text, found):
    assert addresses(text) == found


def test_a_text_loses_its_addresses_but_for_those_that_may_stay():
    text = "Hotels on  Booking.com and\nwww.evil.example, ½ price™"
    assert without_addresses(text) == "Hotels on and ½ price™"
    assert without_addresses(text, but=frozenset(["booking.com"])) == "Hotels on Booking.com and ½ price™"
