"""What has changed between two versions, for reading: paragraphs of kept, removed and added words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from content.articles.services import Change

SHORT = 3  # words: fewer kept ones between two changes only flicker
BREAK = re.compile(r"\n\s*\n")
HEADING = re.compile(r"^\s*#+\s*")
LINK = re.compile(r"\[([^\[\]]+)\]\((\S+?)\)")


@dataclass
class Block:
    """A paragraph or heading; its pieces are (op, text), op as in Change."""

    is_heading: bool = False
    pieces: list[tuple[str, str]] = field(default_factory=list)


def blocks(changes: Iterable[Change]) -> list[Block]:
    """The changes parted where the text is."""
    found = [Block()]
    for change in _together(_without_flicker(list(changes))):
        for index, part in enumerate(BREAK.split(change.text)):
            if index and found[-1].pieces:
                found.append(Block())
            _add(found[-1], change.op, part)
    return [block for block in found if block.pieces]


def _add(block: Block, op: str, text: str) -> None:
    if not block.pieces and HEADING.match(text):
        block.is_heading, text = True, HEADING.sub("", text)
    if text.strip():
        block.pieces.append((op, LINK.sub(r"\1 (\2)", text)))


def _without_flicker(changes: list[Change]) -> Iterator[Change]:
    for index, change in enumerate(changes):
        inside = 0 < index < len(changes) - 1
        if change.op == "equal" and inside and "\n" not in change.text and len(change.text.split()) < SHORT:
            yield Change("delete", change.text)
            yield Change("insert", change.text)
        else:
            yield change


def _together(changes: Iterable[Change]) -> Iterator[Change]:
    """What was changed in one place as one removal and one addition."""
    for is_kept, run in groupby(changes, key=lambda change: change.op == "equal"):
        here = list(run)
        if is_kept:
            yield from here
            continue
        for op in ("delete", "insert"):
            if text := "".join(change.text for change in here if change.op == op):
                yield Change(op, text)
