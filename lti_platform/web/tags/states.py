"""Shape, words and colour of a state; bars of a level; a share of a whole."""

from typing import Any

from django.template import TemplateSyntaxError
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from lti_platform.web.tags.library import draw, register
from lti_platform.web.tags.shapes import shape as path_of

METER_WIDTH = 64


@register.simple_tag
def shape(kind: str) -> SafeString:
    """The bare shape of a kind, hidden from ears; always beside its words."""
    return draw("shape", {"path": path_of(kind)})


@register.simple_tag
def status(kind: str, words: Any, more: Any = "") -> SafeString:
    """A state: shape, words and, softer, what makes it exact ('Valid', 'until 14 March 2029')."""
    return draw("status", {"kind": kind, "path": path_of(kind), "words": words, "more": more})


@register.simple_tag
def level(bars: int, words: Any = "", *, bare: bool = False) -> SafeString:
    """One to three bars with their word; `bare` keeps the word for ears only. How much, never how good."""
    names = {1: pgettext("level", "low"), 2: pgettext("level", "medium"), 3: pgettext("level", "high")}
    if bars not in names:
        raise TemplateSyntaxError(f"a level is 1, 2 or 3, not {bars!r}")
    return draw("level", {"bars": bars, "words": words or names[bars], "bare": bare})


@register.simple_tag
def meter(percent: float | None, words: Any = "") -> SafeString:
    """A share of 0 to 100 as a bar with its figure; None is said in words, not drawn as nothing."""
    if percent is None:
        return draw("meter", {"words": words or gettext("not known")})
    share = min(100.0, max(0.0, float(percent)))
    figure = words or f"{int(share)}\u00a0%"
    return draw("meter", {"width": f"{share / 100 * METER_WIDTH:.2f}", "words": figure})
