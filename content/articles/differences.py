"""What has changed between two versions, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from content.articles.models import ArticleVersion

WORDS = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Change:
    """`op` is equal, delete or insert; what was replaced is a delete and an insert."""

    op: str
    text: str


def word_diff(before: ArticleVersion, after: ArticleVersion) -> list[Change]:
    """The Markdown of both in the order of reading: without the inserts it is `before`, without the deletes `after`."""
    old, new = WORDS.findall(before.markdown), WORDS.findall(after.markdown)
    matcher = SequenceMatcher(None, old, new)
    changes = []
    for op, start, end, begin, stop in matcher.get_opcodes():
        if op == "equal":
            changes.append(Change("equal", "".join(new[begin:stop])))
            continue
        changes += [Change("delete", "".join(old[start:end]))] if end > start else []
        changes += [Change("insert", "".join(new[begin:stop]))] if stop > begin else []
    return changes
