"""What an order is made of: the customer's wishes and a copy of what the product promises."""

import uuid

from django.core.exceptions import ValidationError
from django.utils import timezone

from content.articles.services import linkable_articles
from orders.models import Order, Product
from orders.models.catalogue import ProductKind
from orders.validation import TOPIC_LENGTH, OrderInputs, check_inputs

NO_TOPIC = "no topic"  # stands in while the article whose title it would be is not there: that is the fault to name


def draft(*, product: Product, owner=None, form_key: str = "", batch: uuid.UUID | None = None, **wishes) -> Order:
    """An order that is not stored yet; `wishes` are those of check(), `owner` is the API client's user.

    Raises ValidationError with a `message_dict` of field names when a wish is wrong.
    """
    inputs, article = check(product, **wishes)
    return Order(
        product=product,
        kind=product.kind,
        owner=owner,
        amount=product.price,
        currency=product.currency,
        words=product.words,
        included_revisions=product.included_revisions,
        article=article,
        terms_accepted_at=timezone.now(),
        form_key=form_key,
        batch=batch,
        **vars(inputs),
    )


def check(product: Product | None, *, topic: str = "", article_id: uuid.UUID | None = None, **inputs):
    """The inputs of validation.check_inputs(), checked, and the article that gets the link (None for a new article).

    A link's topic is the article's title unless it has one of its own. `product` is None while nobody knows it.
    Raises ValidationError with a `message_dict` of field names.
    """
    is_link = product is not None and product.kind == ProductKind.BACKLINK
    article = linkable_articles().filter(pk=article_id).first() if is_link and article_id else None
    problem = _problem(is_link, article_id, article)
    if is_link and not topic.strip():
        topic = article.title[: TOPIC_LENGTH[1]] if article else NO_TOPIC
    try:
        checked: OrderInputs = check_inputs(topic=topic, **inputs)
    except ValidationError as error:
        raise ValidationError(error.message_dict | problem) from None
    if problem:
        raise ValidationError(problem)
    return checked, article


def _problem(is_link: bool, article_id: uuid.UUID | None, article) -> dict[str, list[str]]:
    if not is_link:
        return {"article_id": ["This product is a new article. Leave this out."]} if article_id else {}
    if article_id is None:
        return {"article_id": ["Choose the article that gets the link."]}
    return {} if article else {"article_id": ["There is no such article that could get a link."]}
