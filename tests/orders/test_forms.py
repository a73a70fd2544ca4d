import pytest

from orders.forms import OrderForm
from orders.models import Product
from orders.models.catalogue import ProductKind
from tests.orders.builders import make_product
from tests.orders.shopping import FILLED
from tests.orders.stages import published
from tests.orders.works import make_brought_article

NO_ARTICLE = "/articles/8fa2d8ca-7155-4590-8b01-e35882b2e1cb"

pytestmark = pytest.mark.django_db


def filled(**changes) -> OrderForm:
    make_product()
    return OrderForm(FILLED | {"form_id": "f" * 32} | changes)


def test_a_filled_form_gives_the_arguments_of_create_order():
    form = filled()
    assert form.is_valid(), form.errors
    wishes = form.wishes()
    assert wishes.pop("product").slug == "article-400"
    assert wishes == {name: FILLED[name] for name in wishes if name != "terms_accepted"} | {"terms_accepted": True}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("topic", ""),
        ("topic", "   "),
        ("topic", "x" * 201),
        ("topic", "two\nlines of it"),
        ("topic", "a null\0 character"),
        ("email", "nobody"),
        ("niche", "x" * 101),
        ("keyword", "x" * 101),
        ("target_url", ""),
        ("target_url", "javascript:alert(1)"),
        ("target_url", "ftp://files.example.com"),
        ("target_url", "http://127.0.0.1/admin"),
        ("target_url", "http://localhost:8000"),
        ("anchor_text", ""),
        ("notes", "x" * 4001),
        ("terms_accepted", ""),
        ("product", ""),
        ("product", "no-such-product"),
    ],
)
def test_a_wrong_value_is_told_at_its_own_field_and_nowhere_else(field, value):
    form = filled(**{field: value})
    assert not form.is_valid()
    assert list(form.errors) == [field]
    assert len(form.errors[field]) == 1


def test_a_product_that_is_not_offered_any_more_cannot_be_ordered():
    make_product(slug="old", active=False)
    form = filled(product="old")
    assert list(form.errors) == ["product"]


def test_every_new_form_has_an_id_of_its_own():
    assert OrderForm()["form_id"].value() != OrderForm()["form_id"].value()


def test_the_idempotency_key_stays_the_same_until_something_in_the_form_changes():
    first, again, edited, other_form = filled(), filled(), filled(topic="Another topic"), filled(form_id="e" * 32)
    keys = []
    for form in (first, again, edited, other_form):
        assert form.is_valid()
        keys.append(form.idempotency_key())
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3
    assert all(len(key) == 64 for key in keys)


def test_a_form_without_an_id_has_no_idempotency_key():
    form = filled(form_id="")
    assert form.is_valid()
    assert form.idempotency_key() == ""


@pytest.fixture
def link() -> str:
    """A published article, and the slug of a product that puts a link into it."""
    make_product(slug="link", name="A link", kind=ProductKind.BACKLINK)
    return f"/articles/{make_brought_article().pk}"


def linked(article: str, **changes) -> OrderForm:
    return filled(**{"product": "link", "article_id": article, "topic": ""} | changes)


def test_a_link_needs_its_article_and_no_topic(link):
    form = linked(link)
    assert form.is_valid(), form.errors
    assert str(form.wishes()["article_id"]) in link
    assert list(linked("").errors) == ["article_id"]


@pytest.mark.parametrize("host", ["", "shop.example.com", "https://shop.example.com"])
def test_the_article_may_be_named_with_or_without_its_host(link, settings, host):
    settings.PUBLIC_URL = "https://shop.example.com"
    assert linked(host + link).is_valid()
    assert linked(link.rpartition("/")[2]).is_valid()


def test_a_published_article_is_found_at_its_address_and_not_at_that_of_others(link, settings):
    order = published()
    address = order.article.public_url
    form = linked(address)
    assert form.is_valid() and form.wishes()["article_id"] == order.article_id
    assert list(linked(address.replace(settings.PUBLIC_URL, "https://elsewhere.example")).errors) == ["article_id"]


@pytest.mark.parametrize(
    "article",
    ["nonsense", "https://elsewhere.example/", "//[", "/articles/", "/articles/not-there", NO_ARTICLE],
)
def test_what_is_no_article_is_told_at_its_field(link, article):
    assert list(linked(article).errors) == ["article_id"]


def test_what_belongs_to_the_other_kind_of_product_is_left_out(link):
    assert linked(link, topic="x").is_valid()  # too short for a topic, but nobody sees the field
    form = filled(product="article-400", article_id="nonsense")
    assert form.is_valid() and "article_id" not in form.wishes()


def test_the_newest_articles_are_offered_by_their_addresses(link, settings):
    assert OrderForm().offers == [(settings.PUBLIC_URL + link, "Coffee")]
    Product.objects.filter(slug="link").update(active=False)
    assert OrderForm().offers == []


def test_without_an_article_no_link_is_on_offer():
    make_product(slug="link", kind=ProductKind.BACKLINK)
    form = filled(product="link", topic="")
    assert list(form.errors) == ["product", "topic"]
    assert [product.slug for product in form.products] == ["article-400"]
