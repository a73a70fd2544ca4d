"""Reads the form of an HTML page as a browser would: where it goes and what it sends if nobody types anything."""

from html.parser import HTMLParser
from urllib.parse import urljoin


class FormPage(HTMLParser):
    """The page's first form with `method="post"`: `action` (absolute), `fields` (name -> value) and `to_tick`, the
    boxes that must be ticked."""

    def __init__(self, url: str, html: str) -> None:
        super().__init__()
        self.url, self.action = url, ""
        self.fields: dict[str, str] = {}
        self.to_tick: dict[str, str] = {}
        self._inside = self._done = False
        self.feed(html)
        if not self.action:
            raise ValueError(f"There is no form on {url}.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form" and not self._done and found.get("method", "").lower() == "post":
            self._inside, self.action = True, urljoin(self.url, found.get("action", ""))
        elif self._inside and tag == "input" and "name" in found:
            self._add_input(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside, self._done = False, True

    def _add_input(self, found: dict[str, str]) -> None:
        name, kind = found["name"], found.get("type", "text").lower()
        if kind == "radio":  # what is chosen already, else the first
            if "checked" in found or name not in self.fields:
                self.fields[name] = found.get("value", "on")
        elif kind == "checkbox":
            if "checked" in found:
                self.fields[name] = found.get("value", "on")
            elif "required" in found:
                self.to_tick[name] = found.get("value", "on")
        else:
            self.fields[name] = found.get("value", "")
