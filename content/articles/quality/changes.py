"""Rules about what a new version changed in the text that it was made from."""

from content.articles import leftovers
from content.articles.brief import Brief
from content.articles.linking import invitation
from content.articles.quality.links import is_ordered, offered
from content.articles.quality.parsed import Block, ParsedArticle
from content.texts.addresses import addresses
from content.texts.report import BLOCK, Finding
from content.texts.sentences import is_complete, normalised, split, words

FEWEST_WORDS, MOST_WORDS = 5, 60  # of a sentence


def new_addresses(article: ParsedArticle, base: ParsedArticle, brief: Brief) -> Finding:
    known = _addresses(base, brief) | brief.addresses
    new = sorted(_addresses(article, brief) - known - {href.casefold() for href in offered(brief)})
    detail = f"New: {', '.join(new)[:200]}" if new else ""
    return Finding("new_addresses", "No address that was neither there nor ordered", BLOCK, not new, detail)


def differs(article: ParsedArticle, base: ParsedArticle, brief: Brief) -> Finding:
    same = normalised(_whole(article)) == normalised(_whole(base))
    detail = "It is the text that was to be changed." if same else ""
    return Finding("changed", "Something was changed", BLOCK, not same, detail)


def unchanged(article: ParsedArticle, base: ParsedArticle, brief: Brief) -> Finding:
    """One paragraph may have the link now, and one more sentence."""
    touched = _touched(article, base)
    ok = touched is not None and touched[1].text.startswith(touched[0].text)
    detail = "" if ok else "Other parts of the text are not as they were."
    return Finding("unchanged", "Nothing was changed but the paragraph of your link", BLOCK, ok, detail)


def sentence(article: ParsedArticle, base: ParsedArticle, brief: Brief) -> Finding:
    was, now = _touched(article, base) or (Block(0, "", ()), Block(0, "", ()))
    added, about = now.text[len(was.text) :].strip(), f"{brief.topic} {brief.keyword} {brief.anchor}"
    wrong = (
        (added in {invitation(brief, number) for number in range(2)}, "No model wrote one: it is a standard sentence."),
        (added.count(brief.anchor) != 1, f"It must have the words “{brief.anchor}” exactly once."),
        (not is_complete(added) or len(split(added)) != 1, "It must be one whole sentence."),
        (not FEWEST_WORDS <= len(words(added)) <= MOST_WORDS, f"It must have {FEWEST_WORDS} to {MOST_WORDS} words."),
        (leftovers.is_aside(added, about=about), "It must speak about the theme, not about itself."),
    )
    # Nothing is added where the words stood in the text already.
    detail = " ".join(words for is_wrong, words in wrong if is_wrong) if added else ""
    return Finding("sentence", "The sentence of your link fits into the text", BLOCK, not detail, detail)


def _touched(article: ParsedArticle, base: ParsedArticle) -> tuple[Block, Block] | None:
    """The one paragraph that is not as it was, before and after, if there is just one and it has kept its links."""
    before, after = base.source_blocks, article.source_blocks
    differing = [pair for pair in zip(before, after, strict=False) if pair[0] != pair[1]]
    if len(before) != len(after) or len(differing) != 1:
        return None
    was, now = (ParsedArticle(block).blocks for block in differing[0])
    if len(was) != 1 or len(now) != 1 or was[0].level or now[0].level or not set(was[0].links) <= set(now[0].links):
        return None
    return was[0], now[0]


def _addresses(article: ParsedArticle, brief: Brief) -> set[str]:
    links = [link for block in article.blocks for link in block.links if not is_ordered(link, brief)]
    shown = [found for block in article.blocks for found in addresses(block.text)]
    return {link.href.casefold() for link in links} | set(shown)


def _whole(article: ParsedArticle) -> str:
    return "\n".join(block.text for block in article.blocks)
