import pytest

from orders.forms import OrderForm
from tests.content.articles.reader import make_article
from tests.orders.builders import make_product
from tests.orders.shopping import FILLED

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


def link_form(**changes) -> OrderForm:
    make_product(slug="link", kind="backlink", words=0)
    return filled(product="link", topic="", **changes)


def test_a_link_is_ordered_in_one_of_the_articles():
    article = make_article(title="Ten grinders")
    form = link_form(article_id=str(article.pk))
    assert form.is_valid(), form.errors
    assert form.wishes()["article_id"] == article.pk
    assert [title for _, title in form.fields["article_id"].widget.choices] == ["None", "Ten grinders"]


@pytest.mark.parametrize("article_id", ["", "one", "00000000-0000-0000-0000-000000000007"])
def test_a_link_needs_an_article(article_id):
    make_article()
    assert list(link_form(article_id=article_id).errors) == ["article_id"]


def test_without_an_article_no_link_is_on_offer():
    form = link_form()
    assert list(form.errors) == ["product", "topic"]
    assert [product.slug for product in form.products] == ["article-400"]


def test_an_article_that_was_chosen_for_another_product_does_no_harm():
    form = filled(article_id=str(make_article().pk))
    assert form.is_valid(), form.errors
    assert "article_id" not in form.wishes()
