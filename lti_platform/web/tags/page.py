"""The blocks a page is made of: standing line, parts, facts, timeline, steps, notices, dialogs, ways around."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.middleware.csrf import get_token
from django.template import Context, TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lti_platform.web.tags.library import draw, register
from lti_platform.web.tags.shapes import shape
from lti_platform.web.tags.times import now_in, when

MAX_CELLS = 4
STANDING = ("subject", "about", "more", "cells", "as_of", "as_of_label", "as_of_style", "strip", "public")


def pairs_of(values: Sequence[Any], *, tag: str) -> list[tuple[Any, Any]]:
    """('a', 1, 'b', 2) as [('a', 1), ('b', 2)]; TemplateSyntaxError when one is left over."""
    if len(values) % 2:
        raise TemplateSyntaxError(f"{tag} takes words and values in turn")
    return list(zip(values[::2], values[1::2], strict=True))


def stands(context: Context, kind: str, answer: Any, actions: str, values: dict[str, Any]) -> SafeString:
    """The standing line; TemplateSyntaxError for a value it does not know."""
    if unknown := set(values) - set(STANDING):
        raise TemplateSyntaxError(f"standing does not know {', '.join(sorted(unknown))}")
    own = {"kind": kind, "answer": answer, "actions": actions}
    return draw("standing", {**values, **own, "cells": title_cells(context, values)})


def title_cells(context: Context, values: dict[str, Any]) -> list[tuple[Any, Any]]:
    """The title block: 'as of' first, then up to three; `as_of=False` leaves four to the page."""
    cells = [(label, spoken(context, value)) for label, value in values.get("cells") or ()]
    as_of = values.get("as_of")
    if as_of is not False:
        moment = when(context, as_of or now_in(context), values.get("as_of_style", "moment"))
        cells.insert(0, (values.get("as_of_label") or gettext("As of"), moment))
    if len(cells) > MAX_CELLS:
        raise TemplateSyntaxError(f"a title block holds {MAX_CELLS} cells, not {len(cells)}")
    return cells


def spoken(context: Context, value: Any) -> Any:
    """A time as the tag `when` says it; 'none' for nothing; anything else as it is."""
    if isinstance(value, datetime):
        return when(context, value)
    return gettext("none") if value is None or value == "" else value


@register.simple_tag(takes_context=True)
def standing(context: Context, kind: str, answer: Any, **values: Any) -> SafeString:
    """The page's answer in a sentence: the one `h1`."""
    return stands(context, kind, answer, "", values)


@register.simple_block_tag(takes_context=True)
def standing_with(context: Context, content: str, kind: str, answer: Any, **values: Any) -> SafeString:
    """A standing line with what one can do about it: buttons and links between the tags."""
    return stands(context, kind, answer, content, values)


@register.simple_tag
def cells(*values: Any) -> list[tuple[Any, Any]]:
    """Pairs of words and values for a title block: {% cells "Holds" holds as more_cells %}."""
    return pairs_of(values, tag="cells")


@register.simple_block_tag
def part(content: str, name: str, title: Any, note: Any = "", *, first: bool = False) -> SafeString:
    """A section: its title hangs left of the axis, its content starts on it. `name` is the id of the `h2`."""
    return draw("part", {"content": content, "name": name, "title": title, "note": note, "first": first})


@register.simple_block_tag
def facts(content: str, *, narrow: bool = False) -> SafeString:
    """A list of names and values; holds `fact`."""
    return draw("facts", {"content": content, "narrow": narrow})


@register.simple_block_tag
def fact(content: str, name: Any, style: str = "") -> SafeString:
    """One name and its value; style 'sum' sets identifiers and digests in the code face."""
    return draw("fact", {"content": content, "name": name, "style": style})


@register.simple_block_tag
def notice(content: str, kind: str, title: Any = "") -> SafeString:
    """What stays on the page until it is no longer true."""
    return draw("notice", {"content": content, "kind": kind, "path": shape(kind), "title": title})


@register.simple_block_tag
def dialog(content: str, name: str, title: Any, *, opened: bool = False) -> SafeString:
    """A modal dialog, opened by any button with data-dialog="name"; `opened` shows it with the page."""
    return draw("dialog", {"content": content, "name": name, "title": title, "opened": opened})


@register.simple_block_tag
def timeline(content: str, *, ledger: bool = False) -> SafeString:
    """What happened, oldest first; holds `event`. `ledger` widens the times and sets who to the right."""
    return draw("timeline", {"content": content, "ledger": ledger})


@register.simple_block_tag(takes_context=True)
def event(context: Context, content: str, kind: str, moment: Any, **values: Any) -> SafeString:
    """One entry: a moment (or words: 'next'), what happened; `who`, `style` of `when`, `to_come`."""
    style = values.get("style", "moment")
    said = when(context, moment, style) if isinstance(moment, datetime) else moment
    known = {"kind": kind, "path": shape(kind), "when": said, "timed": isinstance(moment, datetime)}
    return draw("event", {**values, **known, "content": content})


@register.simple_block_tag
def steps(content: str, label: Any = "") -> SafeString:
    """Sheet n of m; holds `step`."""
    return draw("steps", {"content": content, "label": label or gettext("Steps")})


@register.simple_tag
def step(kind: str, words: Any, *, current: bool = False) -> SafeString:
    """One step of `steps`."""
    return draw("step", {"kind": kind, "path": shape(kind), "words": words, "current": current})


@register.simple_block_tag
def tabs(content: str, label: Any) -> SafeString:
    """Links to the sides of one thing; holds `tab`."""
    return draw("tabs", {"content": content, "label": label})


@register.simple_tag
def tab(url: str, words: Any, *, current: bool = False) -> SafeString:
    """One link of `tabs`."""
    return draw("tab", {"url": url, "words": words, "current": current})


@register.simple_tag
def crumbs(*values: Any) -> SafeString:
    """Where the page is: words and address in turn, from the outside in."""
    return draw("crumbs", {"crumbs": pairs_of(values, tag="crumbs")})


@register.simple_tag
def empty_state(words: Any, more: Any = "") -> SafeString:
    """What would be here, and what brings it."""
    return draw("empty", {"words": words, "more": more})


@register.simple_tag(takes_context=True)
def pagination(context: Context, page: Page[Any], label: Any = "") -> SafeString:
    """Ways to the pages before and after, keeping the filters of the address; nothing when one page is all."""
    if not page.has_other_pages():
        return SafeString("")
    query = context["request"].GET.copy()
    query.pop("page", None)
    return draw("pagination", {"page": page, "query": query.urlencode(), "label": label})


@register.simple_tag(takes_context=True)
def post_button(context: Context, url: str, words: Any, style: str = "second", **hidden: Any) -> SafeString:
    """A form with one button; further keywords become hidden fields. Styles: '', second, stop, wide."""
    request = context.get("request")
    token = get_token(request) if request else ""
    return draw("post_button", {"url": url, "words": words, "style": style, "hidden": hidden, "token": token})
