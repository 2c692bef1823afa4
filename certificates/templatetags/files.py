"""Filters for the compliance officer's pages."""

from django import template

from certificates.fact_words import fact_words
from certificates.refusal_words import refusal_words
from lti_platform.tools.forms import MESSAGE_WORDS
from proctoring.desk.words import title_of

register = template.Library()
register.filter("fact_words", fact_words)
register.filter("refusal_words", refusal_words)
register.filter("incident_words", title_of)


@register.filter
def message_words(message_type: str) -> str:
    """What a launch was for; the message's own name where it has no words."""
    return str(MESSAGE_WORDS.get(message_type, message_type))


@register.filter
def seconds(milliseconds: int) -> float:
    """Milliseconds as seconds."""
    return milliseconds / 1000


@register.filter
def named_after(prefix: str, value: object) -> str:
    """A name for an element that belongs to a row: `"play"|named_after:item.pk`."""
    return f"{prefix}-{value}"
