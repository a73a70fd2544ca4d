"""Articles for readers, as tests need them."""

from content.articles import publishing
from content.articles.models import Article

TITLE = 'Council backs a "compost heap network" for the river quarter'
CONTENT = (
    'The city council voted 9 to 4 on Tuesday for a "compost heap network" in the river quarter. Residents may bring '
    "kitchen waste to 30 shared heaps from April. The gardens department will turn them every week and give the soil "
    "back to those who brought waste.\n\nCritics say that smells and rats will follow. The council set aside 120,000 "
    'euros for two years and wants a report on the "kitchen waste" collected by next autumn.'
)


def make_article(**values) -> Article:
    return publishing.publish(**{"title": TITLE, "content": CONTENT} | values)
