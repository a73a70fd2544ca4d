"""A post as the rules see it: the text a reader sees, in blocks."""

from dataclasses import dataclass
from functools import cached_property

from markdown_it.token import Token

from content.blog.draft import Draft
from content.texts.rendering import parse
from content.texts.sentences import normalised, split, words


@dataclass(frozen=True)
class Block:
    """A heading (level 1-6) or a paragraph (level 0)."""

    level: int
    text: str


class PostText:
    """A draft, parsed once for all rules."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.tokens = parse(draft.markdown)

    @cached_property
    def blocks(self) -> list[Block]:
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return [_block(opening, inline) for opening, inline in pairs if inline.type == "inline"]

    @cached_property
    def paragraphs(self) -> list[str]:
        return [block.text for block in self.blocks if not block.level]

    @cached_property
    def everything(self) -> list[str]:
        """All that is shown or sent to search engines, block by block."""
        head = [self.draft.title, self.draft.seo_title, self.draft.description]
        return [*head, *(block.text for block in self.blocks)]

    @cached_property
    def sentences(self) -> list[str]:
        """Of the paragraphs, normalised."""
        return [normalised(sentence) for paragraph in self.paragraphs for sentence in split(paragraph)]

    @cached_property
    def word_count(self) -> int:
        return sum(len(words(block.text)) for block in self.blocks)

    @cached_property
    def markup(self) -> list[Token]:
        """Links, pictures, code and HTML."""
        inline = [child for token in self.tokens for child in token.children or []]
        bad = ("link_open", "image", "code_inline", "fence", "code_block")
        return [token for token in (*self.tokens, *inline) if token.type in bad]


def _block(opening: Token, inline: Token) -> Block:
    level = int(opening.tag[1]) if opening.type == "heading_open" else 0
    breaks = ("softbreak", "hardbreak")
    text = "".join(" " if token.type in breaks else token.content for token in inline.children or [])
    return Block(level, text)
