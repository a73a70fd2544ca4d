"""Articles out of a document: RSS, Atom or JSON."""

import calendar
import datetime
import html
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import feedparser
import nh3
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from content.articles.models.article import LONGEST_CONTENT
from content.articles.publishing import web_address
from content.internet.addresses import Refused

MOST_ITEMS = 500
BLOCK_ENDS = re.compile(r"</(?:p|div|li|h[1-6]|blockquote|tr|ul|ol|section)\s*>|<br\s*/?>", re.IGNORECASE)
OLDEST = datetime.datetime(1600, 1, 1, tzinfo=datetime.UTC)
TITLE, NAME, CATEGORY, ADDRESS = 250, 200, 100, 1000  # characters


@dataclass(frozen=True)
class Item:
    """What may become an article. `guid` is the feed's own name for it; either that or the address is there."""

    title: str
    content: str
    source_url: str
    guid: str
    published_at: datetime.datetime
    category: str
    author: str


def read(content: bytes, content_type: str = "", url: str = "") -> list[Item]:
    """The items of a document, at most MOST_ITEMS; what has no text or no name is left out. Raises Refused."""
    is_json = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    items = _from_json(content) if is_json else _from_feed(content, content_type, url)
    return list(itertools.islice(filter(None, items), MOST_ITEMS))


def _from_feed(content: bytes, content_type: str, url: str) -> Iterator[Item | None]:
    headers = {"content-type": content_type, "content-location": url}
    try:
        # A stream: given bytes, feedparser takes them for the name of a file as well.
        found = feedparser.parse(io.BytesIO(content), response_headers={k: v for k, v in headers.items() if v})
    except Exception as error:  # noqa: BLE001 - it meets every kind of broken document, with every kind of error
        raise Refused(f"The document cannot be read as a feed ({type(error).__name__}).") from None
    if not found.entries and not found.get("version"):
        raise Refused("The document is no RSS or Atom feed.")
    return map(_from_entry, found.entries)


def _from_entry(entry: Any) -> Item | None:
    parts = [part.get("value") for part in entry.get("content") or [] if isinstance(part, dict)]
    text = max((plain(part) for part in (*parts, entry.get("summary"))), key=len)
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    tags = [tag.get("term") for tag in entry.get("tags") or [] if isinstance(tag, dict)]
    return _item(
        title=entry.get("title"),
        text=text,
        url=entry.get("link"),
        guid=entry.get("id"),
        moment=_from_struct(moment),
        category=next(filter(None, tags), ""),
        author=entry.get("author"),
    )


def _from_json(content: bytes) -> Iterator[Item | None]:
    """A list of articles in the names of our API, or a JSON Feed."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Refused("The document is no JSON.") from None
    entries = found.get("items", found.get("articles")) if isinstance(found, dict) else found
    if not isinstance(entries, list):
        raise Refused('The JSON must be a list of articles, or an object with "items".')
    return (_from_object(entry) for entry in entries if isinstance(entry, dict))


def _from_object(entry: dict) -> Item | None:
    moment = entry.get("publishedAt") or entry.get("date_published")
    authors, tags = entry.get("authors"), entry.get("tags")
    first = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    return _item(
        title=entry.get("title"),
        text=plain(entry.get("content") or entry.get("content_text") or entry.get("content_html")),
        url=entry.get("sourceUrl") or entry.get("url"),
        guid=entry.get("id"),
        moment=_from_text(moment),
        category=entry.get("category") or (tags[0] if isinstance(tags, list) and tags else ""),
        author=entry.get("author") or first.get("name"),
    )


def _item(*, title, text: str, url, guid, moment, category, author) -> Item | None:
    """Whatever came, as what an article takes; None without text, or without a name to know it by again."""
    now = timezone.now()
    address = _address(url)
    guid = str(guid).strip() if isinstance(guid, str | int) else ""
    headline = one_line(title, TITLE) or one_line(text, 80)
    if not headline or not (address or guid):
        return None
    return Item(
        title=headline,
        content=text[:LONGEST_CONTENT],
        source_url=address,
        guid=guid,
        published_at=moment if moment and OLDEST < moment <= now else now,
        category=one_line(category, CATEGORY),
        author=one_line(author, NAME),
    )


def plain(value: Any) -> str:
    """HTML as plain paragraphs, parted by an empty line."""
    if not isinstance(value, str):
        return ""
    whole = value[: LONGEST_CONTENT * 4].encode("utf-8", "ignore").decode()  # JSON may have half a character
    marked = BLOCK_ENDS.sub("\n\n", whole)
    text = html.unescape(nh3.clean(marked, tags=set()))
    paragraphs = (" ".join(_printable(part).split()) for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(filter(None, paragraphs))


def one_line(value: Any, longest: int) -> str:
    """Text of at most `longest` characters without markup."""
    text = " ".join(plain(value).split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c.isspace() else " " for c in text)


def _address(value: Any) -> str:
    try:
        web_address(value)
    except ValidationError:
        return ""
    return value if len(value) <= ADDRESS and value.isprintable() else ""


def _from_struct(moment: Any) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromtimestamp(calendar.timegm(moment), datetime.UTC) if moment else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _from_text(moment: Any) -> datetime.datetime | None:
    try:
        found = parse_datetime(moment) if isinstance(moment, str) else None
    except ValueError:
        return None
    return found.replace(tzinfo=datetime.UTC) if found and timezone.is_naive(found) else found
