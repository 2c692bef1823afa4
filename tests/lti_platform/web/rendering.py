"""Draws a piece of template as a page would."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

NOW = datetime(2027, 3, 12, 20, 5, tzinfo=UTC)


def drawn(source: str, *, language: str = "en", request: HttpRequest | None = None, **values: Any) -> str:
    """The HTML of a template's source, at NOW."""
    with translation.override(language):
        return engines["django"].from_string(source).render({"now": NOW, **values}, request)


def asked(path: str = "/", **query: str) -> HttpRequest:
    """A GET request."""
    return RequestFactory().get(path, query)


class Outline(HTMLParser):
    """What ears hear of a page: headings, roles, names, and the ids that exist."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.references: list[str] = []
        self.labels: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.ids += (found.get("id") or "").split()
        for name in ("aria-labelledby", "aria-describedby"):
            self.references += (found.get(name) or "").split()
        if tag == "label" and found.get("for"):
            self.labels.append(found["for"] or "")

    def count(self, tag: str) -> int:
        """How many elements of this tag."""
        return sum(name == tag for name, _ in self.tags)
