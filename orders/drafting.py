"""What an order is made of: the customer's wishes and a copy of what the product promises."""

import uuid

from django.core.exceptions import ValidationError
from django.utils import timezone

from content.articles.services import readable_article
from orders.models import Order, Product
from orders.models.catalogue import ProductKind
from orders.validation import TOPIC_LENGTH, check_inputs

NO_TOPIC = "no topic"  # stands in while the article whose title it would be is not there: that is the fault to name


def draft(
    *,
    product: Product,
    topic: str = "",
    article_id: uuid.UUID | None = None,
    owner=None,
    form_key: str = "",
    batch: uuid.UUID | None = None,
    **inputs,
) -> Order:
    """An order that is not stored yet; `inputs` are those of validation.check_inputs().

    `owner` is the API client's user, `article_id` the article that gets a backlink, whose title may be the topic.
    Raises ValidationError with a `message_dict` of field names when an input is wrong.
    """
    article, problem = _article(product, article_id)
    if product.kind == ProductKind.BACKLINK and not topic.strip():
        topic = article.title[: TOPIC_LENGTH[1]] if article else NO_TOPIC
    try:
        checked = check_inputs(topic=topic, **inputs)
    except ValidationError as error:
        raise ValidationError(error.message_dict | problem) from None
    if problem:
        raise ValidationError(problem)
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
        **vars(checked),
    )


def _article(product: Product, article_id: uuid.UUID | None):
    """The article that gets the link, and what is wrong with the choice."""
    if product.kind != ProductKind.BACKLINK:
        wrong = {"article_id": ["This product is a new article. Leave this out."]} if article_id else {}
        return None, wrong
    if article_id is None:
        return None, {"article_id": ["Choose the article that gets the link."]}
    article = readable_article(article_id)
    if article is None or article.feed_key:  # what a feed brought is not ours to change
        return None, {"article_id": ["There is no such article that could get a link."]}
    return article, {}
