"""Filters for the compliance officer's pages."""

from django import template

from certificates.fact_words import fact_words

register = template.Library()
register.filter("fact_words", fact_words)


@register.filter
def seconds(milliseconds: int) -> float:
    """Milliseconds as seconds."""
    return milliseconds / 1000


@register.filter
def named_after(prefix: str, value: object) -> str:
    """A name for an element that belongs to a row: `"play"|named_after:item.pk`."""
    return f"{prefix}-{value}"
