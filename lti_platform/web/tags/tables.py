"""Tables that stay tables for ears when a phone shows each row as a block."""

from typing import Any

from django.template import TemplateSyntaxError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from lti_platform.web.tags.library import draw, register

STYLES = {"num", "wide-only", "sum", "quiet"}


def classes(style: str) -> SafeString:
    """The class attribute of a cell; TemplateSyntaxError for a style that tables do not have."""
    if unknown := set(style.split()) - STYLES:
        raise TemplateSyntaxError(f"a cell has no style {', '.join(sorted(unknown))}")
    return format_html(' class="{}"', style) if style else SafeString("")


@register.simple_block_tag
def table(content: str, caption: Any, *, pairs: bool = False, shown: bool = False) -> SafeString:
    """A table; holds `columns`, then `row`. The caption is for ears unless `shown`; `pairs` sets two by two."""
    return draw("table", {"content": content, "caption": caption, "pairs": pairs, "shown": shown})


@register.simple_block_tag
def columns(content: str) -> SafeString:
    """The head of a table; holds `column`."""
    row = format_html('<tr role="row">{}</tr>', mark_safe(content.strip()))  # noqa: S308 - rendered by the engine
    return format_html('<thead role="rowgroup">{}</thead><tbody role="rowgroup">', row)


@register.simple_tag
def column(words: Any, style: str = "") -> SafeString:
    """The name of a column; styles: num, wide-only (left out on a phone)."""
    return format_html('<th role="columnheader" scope="col"{}>{}</th>', classes(style), words)


@register.simple_block_tag
def row(content: str, *, current: bool = False, name: str = "") -> SafeString:
    """One row; holds one `head` and `cell`. `current` is the row in hand, `name` its id."""
    attributes = [("class", "is-current")] if current else []
    attributes += [("id", name)] if name else []
    written = format_html_join("", ' {}="{}"', attributes)
    return format_html('<tr role="row"{}>{}</tr>', written, mark_safe(content.strip()))  # noqa: S308


@register.simple_block_tag
def head(content: str, style: str = "") -> SafeString:
    """The cell that names its row."""
    inner = mark_safe(content.strip())  # noqa: S308 - rendered by the engine
    return format_html('<th role="rowheader" scope="row"{}>{}</th>', classes(style), inner)


@register.simple_block_tag
def cell(content: str, words: Any, style: str = "") -> SafeString:
    """A value under the column `words`, which names it on a phone; nothing in it hides it there."""
    inner = mark_safe(content.strip())  # noqa: S308 - rendered by the engine
    style = style if inner else f"{style} quiet".strip()
    return format_html('<td role="cell" data-name="{}"{}>{}</td>', words, classes(style), inner)
