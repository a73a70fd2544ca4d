import pytest

from config.api.addresses import address_of


@pytest.mark.parametrize(
    ("seen", "address"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_is_one_customers(rf, seen, address):
    assert address_of(rf.get("/", REMOTE_ADDR=seen)) == address


@pytest.mark.parametrize("forwarded", ["198.51.100.1", "203.0.113.9, 198.51.100.1", "x,198.51.100.1"])
def test_behind_a_proxy_only_what_the_proxy_saw_counts(rf, settings, forwarded):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == "10.0.0.1"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address_of(request) == "198.51.100.1"


def test_a_proxy_that_says_nothing_is_the_caller(rf, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert address_of(rf.get("/", REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"
