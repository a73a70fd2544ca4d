"""The customer's wishes, in the words of the article writer."""

from dataclasses import replace

from content.articles.brief import Brief
from content.articles.services import other_texts, related_articles, unwanted_phrases
from orders.models import Order


def brief_of(order: Order) -> Brief:
    """What was ordered."""
    return Brief(
        topic=order.topic,
        niche=order.niche,
        keyword=order.keyword,
        target_url=order.target_url,
        anchor_text=order.anchor_text,
        notes=order.notes,
        words=order.words,
        model=order.writer_model or None,
    )


def brief_among_others(order: Order) -> Brief:
    """The same with the articles of its site that the new one may link to, the texts that it must not copy, and the
    words that it must not use."""
    about, own = (order.topic, order.keyword, order.niche), [order.article_id]
    related = related_articles(*about, domain=order.domain, but=own)
    return replace(brief_of(order), related=related, others=other_texts(but=own), unwanted=unwanted_phrases())
